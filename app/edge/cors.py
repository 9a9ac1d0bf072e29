"""Web pages of other origins: let in by setting only (CORS), and refused as everything is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.edge.problems import MEDIA_TYPE, Problem

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
READ_FROM_REQUESTS = (
    "authorization",
    "content-type",
    "idempotency-key",
    "if-match",
    "if-none-match",
    "traceparent",
    "x-request-id",
)
SHOWN_TO_PAGES = (
    "etag",
    "idempotency-replayed",
    "ratelimit",
    "ratelimit-policy",
    "retry-after",
    "www-authenticate",
    "x-request-id",
)


class Cors(CORSMiddleware):
    """Starlette's, but what it refuses is a problem."""

    def preflight_response(self, request_headers: Headers) -> Response:
        answer = super().preflight_response(request_headers)
        return answer if answer.status_code < 400 else Refused(answer.headers, bytes(answer.body).decode())


class Refused(Response):
    """A preflight that asks for what is not let in; the problem has the ids of the exchange, so it is made late."""

    def __init__(self, headers: Mapping[str, str], what: str) -> None:
        super().__init__(status_code=403)
        self.kept = {name: headers[name] for name in ("vary",) if name in headers}
        self.problem = Problem(403, f"{what}.")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        exchange = scope["exchange"]
        body = self.problem.body(exchange.request_id, exchange.trace_id)
        await Response(body, 403, self.kept, MEDIA_TYPE)(scope, receive, send)


def let_in(app: ASGIApp, origins: Sequence[str]) -> ASGIApp:
    """The application, for pages of these origins too."""
    return Cors(
        app,
        allow_origins=origins,
        allow_methods=METHODS,
        allow_headers=READ_FROM_REQUESTS,
        expose_headers=SHOWN_TO_PAGES,
        max_age=3600,
    )
