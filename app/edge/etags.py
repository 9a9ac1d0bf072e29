"""ETags of answers, and conditional requests (RFC 9110)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from starlette.requests import Request
from starlette.responses import Response

from app.edge.intake import JSON


def etag_of(content: bytes) -> str:
    """The ETag of an answer."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


class EtagCache:
    """The ETag of one public answer. The answer rarely changes, and comparing is much cheaper than hashing."""

    def __init__(self) -> None:
        self.content = b""
        self.etag = etag_of(b"")

    def of(self, content: bytes) -> str:
        if content != self.content:
            self.content, self.etag = content, etag_of(content)
        return self.etag


def conditional_response(
    request: Request, content: bytes, etag: str, status: int = 200, *, private: bool = False
) -> Response:
    """The answer with its ETag, or 304 if the caller has it already. No cache may store a private answer."""
    headers = {"etag": etag, "cache-control": "no-store" if private else "no-cache"}
    if request.method in ("GET", "HEAD") and etag_matches(request.headers.getlist("if-none-match"), etag):
        return Response(status_code=304, headers=headers)
    return Response(content, status, headers, JSON)


def etag_matches(conditions: Iterable[str], etag: str) -> bool:
    """If-None-Match with the weak comparison of RFC 9110."""
    etags = [one.strip().removeprefix("W/") for condition in conditions for one in condition.split(",")]
    return etag in etags or "*" in etags
