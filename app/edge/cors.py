"""CORS: origins come from a setting, and a refused preflight is a problem document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.edge.problems import MEDIA_TYPE, Problem

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
REQUEST_HEADERS = (
    "authorization",
    "content-type",
    "idempotency-key",
    "if-match",
    "if-none-match",
    "traceparent",
    "x-request-id",
)
EXPOSED_HEADERS = (
    "etag",
    "idempotency-replayed",
    "ratelimit",
    "ratelimit-policy",
    "retry-after",
    "www-authenticate",
    "x-request-id",
)


class Cors(CORSMiddleware):
    """Starlette's middleware with refusals as problem documents."""

    def preflight_response(self, request_headers: Headers) -> Response:
        answer = super().preflight_response(request_headers)
        return answer if answer.status_code < 400 else PreflightRefusal(answer.headers, bytes(answer.body).decode())


class PreflightRefusal(Response):
    """A refused preflight. The body is built on sending, because it contains the ids of the exchange."""

    def __init__(self, headers: Mapping[str, str], detail: str) -> None:
        super().__init__(status_code=403)
        self.kept = {name: headers[name] for name in ("vary",) if name in headers}
        self.problem = Problem(403, f"{detail}.")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        exchange = scope["exchange"]
        body = self.problem.body(exchange.request_id, exchange.trace_id)
        await Response(body, 403, self.kept, MEDIA_TYPE)(scope, receive, send)


def allow_origins(app: ASGIApp, origins: Sequence[str]) -> ASGIApp:
    """The application, also for pages of these origins."""
    return Cors(
        app,
        allow_origins=origins,
        allow_methods=METHODS,
        allow_headers=REQUEST_HEADERS,
        expose_headers=EXPOSED_HEADERS,
        max_age=3600,
    )
