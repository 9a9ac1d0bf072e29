"""Asks a language model for texts with placeholders, for a cohort at a time; what it answers is judged in SQL.

Nothing about a person can get here: the request is built from jobs.cohorts, which knows cohorts only.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import httpx2
import openai
from openai import AsyncOpenAI
from openai.types.chat import ChatCompletionMessageParam
from pydantic import BaseModel, ConfigDict, ValidationError

from db import trace
from worker.channels.circuit_breaker import Breaker
from worker.model.writer import Allowance, NotWritten, Spent, Written

PROMPTS = Path(__file__).parent / "prompts"
TRIES = 3
TRY_S = 60.0
LONGEST_WAIT_S = 20.0
# Three variants are about 12 kB; more than this is not an answer but an attack or a fault.
LARGEST_ANSWER = 256 * 1024
MOST_TOKENS = 8000
# Low, so that the rules of the prompt win over invention.
TEMPERATURE = 0.3

ANSWER_SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["variants"],
    "properties": {
        "variants": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["variant", "subject", "body", "add_on_line"],
                "properties": {
                    "variant": {"type": "string", "enum": list("abcdefghij")},
                    "subject": {"type": "string"},
                    "body": {"type": "string"},
                    "add_on_line": {"type": "string"},
                },
            },
        }
    },
}


class Variant(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    variant: str
    subject: str
    body: str
    add_on_line: str


class Answer(BaseModel):
    """The shape asked for, checked again: not every server that promises a schema keeps it."""

    model_config = ConfigDict(extra="forbid", strict=True)

    variants: list[Variant]


class AnswerError(Exception):
    """The model answered, but nothing that can be used; its text is the reason. Its tokens are paid for anyway."""

    def __init__(self, reason: str, tokens_in: int = 0, tokens_out: int = 0) -> None:
        super().__init__(reason)
        self.spent = Spent(0, tokens_in, tokens_out)


@dataclass(slots=True)
class Model:
    """One model at one address. At most `concurrency` requests at once; a breaker spares a model that is down."""

    key: str
    name: str
    base_url: str | None = None
    concurrency: int = 4
    breaker: Breaker = field(default_factory=lambda: Breaker(failures=5, pause_s=30))
    try_s: float = TRY_S
    _client: AsyncOpenAI = field(init=False)
    _places: asyncio.Semaphore = field(init=False)
    _temperature: float | None = TEMPERATURE

    def __post_init__(self) -> None:
        self._places = asyncio.Semaphore(self.concurrency)
        self._client = AsyncOpenAI(
            api_key=self.key,
            base_url=self.base_url,
            # The library would wait ten minutes and try twice more by itself; here both are ours to bound.
            timeout=httpx2.Timeout(self.try_s, connect=5.0),
            max_retries=0,
        )

    async def write(self, cohort: Mapping[str, Any], prompt_version: int, allowance: Allowance) -> Written | NotWritten:
        """Texts for one cohort of jobs.cohorts, by as many requests as the allowance has. Never raises for what the
        model does."""
        async with self._places:
            if self.breaker.closed_in() > 0:
                return NotWritten("breaker_open", self.name, Spent())
            try:
                messages = question(cohort, prompt_version)
            except FileNotFoundError:
                return NotWritten(f"no_prompt v{prompt_version}", self.name, Spent())
            reason, spent = "over_budget", Spent()
            for attempt in range(TRIES):
                if not allowance.take():
                    break
                self.breaker.enter()
                spent += Spent(1)
                try:
                    written = await self._ask(messages)
                except AnswerError as error:
                    # It is there and talks: no reason to stop asking for other cohorts.
                    self.breaker.neutral()
                    reason = str(error)
                    spent += error.spent
                    wait: float | None = 0.0
                except (openai.APIError, httpx2.HTTPError, TimeoutError) as error:
                    reason, wait = failure(error)
                    if unsupported_temperature(error):
                        self._temperature, wait = None, 0.0
                    else:
                        self.breaker.bad()
                else:
                    self.breaker.good()
                    return replace(written, spent=spent + written.spent)
                if wait is None or attempt + 1 == TRIES or self.breaker.is_open:
                    break
                await asyncio.sleep(max(wait, 0.5 * 2**attempt * random.uniform(0.5, 1.5)))
            return NotWritten(reason, self.name, spent)

    async def _ask(self, messages: list[ChatCompletionMessageParam]) -> Written:
        async with asyncio.timeout(self.try_s):
            async with self._client.chat.completions.with_streaming_response.create(
                model=self.name,
                messages=messages,
                response_format={
                    "type": "json_schema",
                    "json_schema": {"name": "reminder_texts", "strict": True, "schema": ANSWER_SCHEMA},
                },
                temperature=openai.omit if self._temperature is None else self._temperature,
                max_completion_tokens=MOST_TOKENS,
                extra_headers={"traceparent": trace.traceparent()},
            ) as response:
                body = bytearray()
                async for chunk in response.iter_bytes():
                    body += chunk
                    if len(body) > LARGEST_ANSWER:
                        raise AnswerError("answer_too_large")
        return read(bytes(body), self.name)

    async def close(self) -> None:
        await self._client.close()


def question(cohort: Mapping[str, Any], prompt_version: int) -> list[ChatCompletionMessageParam]:
    """What the model is sent for a cohort: instructions, and the cohort as data. FileNotFoundError: no such prompt."""
    context = cohort["context"]
    told = {
        name: cohort[name]
        for name in ("context", "variants", "allowed_placeholders", "required_placeholders", "limits")
    }
    instructions = prompt(context["kind"], prompt_version, context["language"], context["form"])
    return [
        {"role": "system", "content": instructions},
        {"role": "user", "content": json.dumps(told, ensure_ascii=False)},
    ]


def read(body: bytes, asked: str) -> Written:
    """The answer out of a chat completion; AnswerError tells what is wrong with it."""
    tokens_in = tokens_out = 0
    try:
        completion = json.loads(body)
        usage = completion.get("usage") or {}
        tokens_in, tokens_out = int(usage.get("prompt_tokens") or 0), int(usage.get("completion_tokens") or 0)
        choice = completion["choices"][0]
        content, finish = choice["message"].get("content"), choice.get("finish_reason")
        if choice["message"].get("refusal") or finish == "content_filter":
            raise AnswerError("refusal", tokens_in, tokens_out)
        if finish == "length":
            raise AnswerError("truncated", tokens_in, tokens_out)
        # Written anew from what was understood: doubled keys, lone surrogates and the like do not get further.
        content = Answer.model_validate_json(content).model_dump_json()
        if "\\u0000" in content:
            raise AnswerError("malformed nul", tokens_in, tokens_out)
        return Written(content, str(completion.get("model") or asked)[:100], Spent(0, tokens_in, tokens_out))
    except ValidationError as error:
        kind = error.errors(include_url=False, include_input=False)[0]["type"]
        raise AnswerError(f"malformed {kind}", tokens_in, tokens_out) from None
    except (ValueError, TypeError, LookupError, AttributeError):
        raise AnswerError("malformed", tokens_in, tokens_out) from None


def failure(error: Exception) -> tuple[str, float | None]:
    """Reason, and how long to wait before another try; None = another try is useless."""
    match error:
        case openai.APIStatusError():
            code = error.status_code
            if code not in (408, 409, 429) and code < 500:
                return f"http_{code}", None
            try:
                wait = float(error.response.headers.get("retry-after", 0))
            except ValueError:
                wait = 0.0
            return f"http_{code}", wait if wait <= LONGEST_WAIT_S else None
        case openai.APITimeoutError() | TimeoutError() | httpx2.TimeoutException():
            return "timeout", 0.0
        case _:
            return "connection", 0.0


def unsupported_temperature(error: Exception) -> bool:
    """Reasoning models take no temperature and say so; then we ask without."""
    return isinstance(error, openai.BadRequestError) and error.param == "temperature"


@cache
def prompt(kind: str, version: int, language: str, form: str) -> str:
    """The instructions, a file per kind, form, version and language: an old version can always be read again."""
    name = kind if form == "long" else f"{kind}-{form}"
    return (PROMPTS / f"{name}.v{version}.{language}.md").read_text(encoding="utf-8")
