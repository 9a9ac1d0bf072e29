"""What all adapters over HTTP share: a client with open connections, and the meaning of a lost answer."""

from __future__ import annotations

import re
from collections.abc import Awaitable
from typing import Any

import httpx2
from pydantic_core import from_json

from db import trace
from worker.channels.channel import Later, Unknown

CONNECTIONS = 8
LARGEST_ANSWER = 64 * 1024
AS_JSON = {"content-type": "application/json; charset=utf-8"}
# A mobile number of Bangladesh as contacts hold it; providers take it without the plus.
PHONE = re.compile(r"\+(8801[3-9][0-9]{8})")
# Providers' names of messages; a name of any other form is not stored.
PROVIDER_ID = re.compile(r"[A-Za-z0-9._:+/=%-]{1,200}")


def client(timeout_s: float) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(
        timeout=httpx2.Timeout(timeout_s, connect=min(10.0, timeout_s)),
        # A message is in doubt if the provider closes an idle connection at the moment of its use.
        limits=httpx2.Limits(max_connections=CONNECTIONS, keepalive_expiry=3.0),
        follow_redirects=False,
        trust_env=False,
        headers={"accept": "application/json", "user-agent": "Shokti/1.0"},
        event_hooks={"request": [_traced]},
    )


async def _traced(request: httpx2.Request) -> None:
    request.headers["traceparent"] = trace.traceparent()


async def response_or_outcome(label: str, call: Awaitable[httpx2.Response]) -> httpx2.Response | Later | Unknown:
    """The answer to a request that hands a message over, or the outcome if there is no answer."""
    try:
        return await call
    except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout) as error:
        return Later(f"{label}_connect {type(error).__name__}", provider_is_down=True)
    except httpx2.HTTPError as error:
        # The whole request may have been sent before the connection broke.
        return Unknown(f"{label}_answer_lost {type(error).__name__}")


def json_object(response: httpx2.Response) -> dict[str, Any] | None:
    if len(response.content) > LARGEST_ANSWER:
        return None
    try:
        answer = from_json(response.content)
    except ValueError:
        return None
    return answer if isinstance(answer, dict) else None


def retry_after_s(response: httpx2.Response) -> float | None:
    """Retry-After in seconds; None without such a header, or with a date in it."""
    value = response.headers.get("retry-after", "")
    return float(value) if value.isdecimal() and len(value) < 6 else None


def parse_code(code: object) -> int | None:
    """A numeric code, which some providers send as text."""
    if isinstance(code, str) and code.isdecimal() and len(code) < 10:
        return int(code)
    return code if isinstance(code, int) and not isinstance(code, bool) else None


def provider_id(name: object) -> str | None:
    text = str(name) if isinstance(name, str | int) and not isinstance(name, bool) else ""
    return text if PROVIDER_ID.fullmatch(text) else None
