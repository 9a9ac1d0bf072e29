"""Outermost middleware of every request: ids, security headers, the log line, and the answer to unexpected exceptions."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.edge.intake import ClientGone
from db.log import error_fields, log
from db.trace import parse_traceparent

UNCLEAN = re.compile(r"[^A-Za-z0-9._-]")

SECURITY_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    # The address of a link contains its key: no other site may learn it from a Referer.
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)
NO_CONTENT_POLICY = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")
ONE_YEAR_OF_TLS = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")
NO_STORE = (b"cache-control", b"no-store")


@dataclass(slots=True)
class Exchange:
    """Ids, route and size of one request; the rest of the edge finds it in `scope["exchange"]`."""

    request_id: str
    trace_id: str
    parent_id: str | None
    span_id: str
    # The template of the path, once known: the path itself may contain a link key.
    route: str = "-"
    status: int = 0
    sent: int = 0

    @property
    def traceparent(self) -> str:
        """The header for jobs that this request queues."""
        return f"00-{self.trace_id}-{self.span_id}-01"


def open_exchange(headers: dict[bytes, bytes]) -> Exchange:
    """Ids from the caller where they are valid, otherwise new ones."""
    request_id = UNCLEAN.sub("", headers.get(b"x-request-id", b"").decode("latin-1"))[:64]
    traceparent = headers.get(b"traceparent", b"").decode("latin-1").strip()
    trace_id, parent_id = parse_traceparent(traceparent) or ("", None)
    # One system call for all three.
    random = secrets.token_hex(40)
    return Exchange(request_id or random[:32], trace_id or random[32:64], parent_id, random[64:])


class Draining:
    """Set once the process has received a stop signal: it finishes open requests, and /readyz reports it."""

    def __init__(self) -> None:
        self.begun = False


class Envelope:
    """ASGI middleware. `on_error` answers where the inner application raised before it answered."""

    def __init__(self, inner: ASGIApp, on_error: ASGIApp, draining: Draining, *, behind_tls: bool) -> None:
        self.inner = inner
        self.on_error = on_error
        self.draining = draining
        self.always = (*SECURITY_HEADERS, ONE_YEAR_OF_TLS) if behind_tls else SECURITY_HEADERS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.inner(scope, receive, send)
            return
        began = perf_counter()
        exchange = open_exchange(dict(scope["headers"]))
        scope["exchange"] = exchange

        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                exchange.status = message["status"]
                message["headers"] = self._with_headers(message.get("headers", []), exchange)
            elif message["type"] == "http.response.body":
                exchange.sent += len(message.get("body", b""))
            await send(message)

        failure: dict[str, Any] = {}
        try:
            await self.inner(scope, receive, send_on)
        except ClientGone:
            exchange.status = 499
        except Exception as error:
            failure = error_fields(error)
            if exchange.status:
                raise
            await self.on_error(scope, receive, send_on)
        finally:
            (log.error if failure else log.info)(
                "request",
                method=scope["method"][:16],
                route=exchange.route,
                status=exchange.status,
                ms=round((perf_counter() - began) * 1000, 2),
                bytes=exchange.sent,
                request_id=exchange.request_id,
                trace_id=exchange.trace_id,
                parent_id=exchange.parent_id,
                **failure,
            )

    def _with_headers(self, given: Any, exchange: Exchange) -> list[tuple[bytes, bytes]]:
        headers = list(given)
        names = {name for name, _ in headers}
        headers += self.always
        headers.append((b"x-request-id", exchange.request_id.encode()))
        headers += [default for default in (NO_CONTENT_POLICY, NO_STORE) if default[0] not in names]
        if self.draining.begun and b"connection" not in names:
            headers.append((b"connection", b"close"))
        return headers
