"""The trace of the work in hand (W3C Trace Context): begun by a request over HTTP, or by the job itself."""

from __future__ import annotations

import re
import secrets

import structlog
from pgqueuer import Job

TRACEPARENT = re.compile(r"00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")


def of(job: Job) -> str:
    """The trace id that the request or job which made this one was logged under; a new one where none did."""
    told = TRACEPARENT.fullmatch(str((job.headers or {}).get("traceparent", "")))
    return told[1] if told else secrets.token_hex(16)


def traceparent() -> str:
    """For whatever is called now; its span is new. Outside of a job so is the trace."""
    trace_id = structlog.contextvars.get_contextvars().get("trace_id") or secrets.token_hex(16)
    return f"00-{trace_id}-{secrets.token_hex(8)}-01"
