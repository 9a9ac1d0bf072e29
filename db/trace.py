"""The trace of the work in hand (W3C Trace Context): it begins with a request over HTTP, or with a job without one."""

from __future__ import annotations

import re
import secrets

import structlog

TRACEPARENT = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}")


def parse_traceparent(header: str) -> tuple[str, str] | None:
    """Trace id and span id of the caller; None if the header is malformed or one of the ids is all zeros."""
    match = TRACEPARENT.fullmatch(header)
    return (match[1], match[2]) if match and match[1].strip("0") and match[2].strip("0") else None


def new_trace_id() -> str:
    return secrets.token_hex(16)


def traceparent() -> str:
    """The header for a call to another program: the trace of the job in hand, else a new one, and a new span."""
    trace_id = structlog.contextvars.get_contextvars().get("trace_id") or new_trace_id()
    return f"00-{trace_id}-{secrets.token_hex(8)}-01"
