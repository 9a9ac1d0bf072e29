"""Asks a language model for texts with placeholders, for a cohort at a time; SQL checks the answers.

A request holds nothing about a person: it is built from jobs.cohorts, which knows cohorts only.
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
from worker.channels.circuit_breaker import CircuitBreaker
from worker.model.writer import RequestBudget, Usage, WritingFailure, WrittenTexts

PROMPTS = Path(__file__).parent / "prompts"
ATTEMPTS = 3
ATTEMPT_TIMEOUT_S = 60.0
LONGEST_WAIT_S = 20.0
# Three variants are about 12 kB; more than this is an attack or a fault.
LARGEST_ANSWER = 256 * 1024
MOST_TOKENS = 8000
# Low, so that the rules of the prompt prevail over invention.
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
    """The shape asked for, checked again: not every server that accepts a schema keeps it."""

    model_config = ConfigDict(extra="forbid", strict=True)

    variants: list[Variant]


class AnswerError(Exception):
    """The model answered, but not usably; its text is the reason. Its tokens are billed all the same."""

    def __init__(self, reason: str, tokens_in: int = 0, tokens_out: int = 0) -> None:
        super().__init__(reason)
        self.usage = Usage(0, tokens_in, tokens_out)


@dataclass(slots=True)
class ModelClient:
    """One model at one address, with at most `concurrency` requests at once and a circuit breaker."""

    key: str
    name: str
    base_url: str | None = None
    concurrency: int = 4
    breaker: CircuitBreaker = field(default_factory=lambda: CircuitBreaker(failures=5, pause_s=30))
    try_s: float = ATTEMPT_TIMEOUT_S
    _client: AsyncOpenAI = field(init=False)
    _places: asyncio.Semaphore = field(init=False)
    _temperature: float | None = TEMPERATURE

    def __post_init__(self) -> None:
        self._places = asyncio.Semaphore(self.concurrency)
        self._client = AsyncOpenAI(
            api_key=self.key,
            base_url=self.base_url,
            # The library's defaults are ten minutes and two retries; both are bounded here.
            timeout=httpx2.Timeout(self.try_s, connect=5.0),
            max_retries=0,
        )

    async def write(
        self, cohort: Mapping[str, Any], prompt_version: int, budget: RequestBudget
    ) -> WrittenTexts | WritingFailure:
        """Texts for one cohort of jobs.cohorts, with requests from the budget. Never raises for what the model does."""
        async with self._places:
            if self.breaker.seconds_until_allowed() > 0:
                return WritingFailure("breaker_open", self.name, Usage())
            try:
                messages = chat_messages(cohort, prompt_version)
            except FileNotFoundError:
                return WritingFailure(f"no_prompt v{prompt_version}", self.name, Usage())
            reason, usage = "over_budget", Usage()
            for attempt in range(ATTEMPTS):
                if not budget.take():
                    break
                self.breaker.start_attempt()
                usage += Usage(1)
                try:
                    written = await self._ask(messages)
                except AnswerError as error:
                    # The model is available: other cohorts may be asked for.
                    self.breaker.end_attempt()
                    reason = str(error)
                    usage += error.usage
                    wait: float | None = 0.0
                except (openai.APIError, httpx2.HTTPError, TimeoutError) as error:
                    reason, wait = retry_delay(error)
                    if unsupported_temperature(error):
                        self._temperature, wait = None, 0.0
                    else:
                        self.breaker.record_failure()
                else:
                    self.breaker.record_success()
                    return replace(written, usage=usage + written.usage)
                if wait is None or attempt + 1 == ATTEMPTS or self.breaker.is_open:
                    break
                await asyncio.sleep(max(wait, 0.5 * 2**attempt * random.uniform(0.5, 1.5)))
            return WritingFailure(reason, self.name, usage)

    async def _ask(self, messages: list[ChatCompletionMessageParam]) -> WrittenTexts:
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
        return parse_completion(bytes(body), self.name)

    async def close(self) -> None:
        await self._client.close()


def chat_messages(cohort: Mapping[str, Any], prompt_version: int) -> list[ChatCompletionMessageParam]:
    """The request for a cohort: instructions, and the cohort as data. FileNotFoundError if there is no such prompt."""
    context = cohort["context"]
    data = {
        name: cohort[name]
        for name in ("context", "variants", "allowed_placeholders", "required_placeholders", "limits")
    }
    instructions = prompt(context["kind"], prompt_version, context["language"], context["form"])
    return [
        {"role": "system", "content": instructions},
        {"role": "user", "content": json.dumps(data, ensure_ascii=False)},
    ]


def parse_completion(body: bytes, asked: str) -> WrittenTexts:
    """The texts of a chat completion; AnswerError with the reason if there are none."""
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
        # Serialized from the parsed value, which drops doubled keys, lone surrogates and the like.
        content = Answer.model_validate_json(content).model_dump_json()
        if "\\u0000" in content:
            raise AnswerError("malformed nul", tokens_in, tokens_out)
        return WrittenTexts(content, str(completion.get("model") or asked)[:100], Usage(0, tokens_in, tokens_out))
    except ValidationError as error:
        kind = error.errors(include_url=False, include_input=False)[0]["type"]
        raise AnswerError(f"malformed {kind}", tokens_in, tokens_out) from None
    except (ValueError, TypeError, LookupError, AttributeError):
        raise AnswerError("malformed", tokens_in, tokens_out) from None


def retry_delay(error: Exception) -> tuple[str, float | None]:
    """The reason of a failure, and seconds to wait before a retry; None if a retry is useless."""
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
    """Whether the model rejects a temperature, as reasoning models do; it is then asked without one."""
    return isinstance(error, openai.BadRequestError) and error.param == "temperature"


@cache
def prompt(kind: str, version: int, language: str, form: str) -> str:
    """The instructions: one file per kind, form, version and language, so that old versions stay readable."""
    name = kind if form == "long" else f"{kind}-{form}"
    return (PROMPTS / f"{name}.v{version}.{language}.md").read_text(encoding="utf-8")
