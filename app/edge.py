"""The ASGI application: every row of the table behind its path, everything else as a problem."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from pydantic import TypeAdapter
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from app import calls, journal, rendering
from app.calls import Call, Database, Function
from app.endpoints import ENDPOINTS, Endpoint, Who
from app.envelope import Draining, Envelope, Exchange
from app.intake import FORMS, Intake
from app.negotiation import accepted, wants_page
from app.problems import MEDIA_TYPE, Problem, Refusal, from_database
from app.readiness import Heads, Readiness
from db import Fault

CONTRACT_FILE = Path(__file__).parent / "openapi.json"
JSON = "application/json"

Handler = Callable[[Request, Receive], Awaitable[Response]]


def build(database: Database, functions: Mapping[str, Function], draining: Draining, *, behind_tls: bool) -> ASGIApp:
    """The whole application over a pool. A Fault names the first row that the database cannot serve."""
    paths: dict[str, dict[str, Handler]] = {}
    for endpoint in ENDPOINTS:
        paths.setdefault(endpoint.path, {})[endpoint.method] = Served.prepared(endpoint, functions, database)
    readiness = Readiness(database, calls.own("ready", functions), Heads.of_checkout(), draining)
    own = Process(readiness, CONTRACT_FILE.read_bytes())
    paths |= {"/healthz": {"GET": own.health}, "/readyz": {"GET": own.ready}, "/openapi.json": {"GET": own.contract}}
    routes = [Route(path, Resource(path, methods)) for path, methods in paths.items()]
    return Envelope(Router(routes, redirect_slashes=False, default=not_found), draining, behind_tls=behind_tls)


@dataclass(frozen=True, slots=True)
class Served:
    """A row of the table, with everything about it that can be done before the first request."""

    endpoint: Endpoint
    intake: Intake
    call: Call
    database: Database
    output: TypeAdapter[Any]

    @classmethod
    def prepared(cls, endpoint: Endpoint, functions: Mapping[str, Function], database: Database) -> Served:
        if endpoint.who is not Who.ANYONE or endpoint.rate is not None:
            # A row that asks for a guard nobody stands at must not be served without it.
            raise Fault(f"{endpoint.method} {endpoint.path}: sign-in and rate limits are not enforced here yet")
        intake = Intake(endpoint)
        call = calls.build(endpoint, intake.arguments, functions)
        return cls(endpoint, intake, call, database, TypeAdapter(endpoint.output))

    async def __call__(self, request: Request, receive: Receive) -> Response:
        """Validate, call, pass on; whatever stands against it becomes a problem here."""
        try:
            given = await self.intake.read(request.scope, receive)
            content = await self.database.ask(self.call, self.call.values(given))
        except Refusal as refusal:
            return self._refused(request, refusal.problem)
        except psycopg.Error as error:
            problem = from_database(error)
            if problem.status >= 500:
                trace_id = request.scope["exchange"].trace_id
                journal.log.error("call", function=self.call.function, trace_id=trace_id, **journal.describe(error))
            return self._refused(request, problem)
        page = self.endpoint.page
        if page and self._wants_page(request):
            return rendering.page(page, request.path_params, self.output.validate_json(content))
        if self.endpoint.revalidated:
            return revalidated(request, content)
        return Response(content, self.endpoint.status, {"vary": "Accept"} if page else {}, JSON)

    def _refused(self, request: Request, problem: Problem) -> Response:
        """A page for a person, where there is something that a person can do about it; else the problem."""
        told = problem.status in rendering.PROBLEM_WORDS
        if self.endpoint.page and told and self._wants_page(request):
            home = request.url.path.removesuffix("/book")
            return rendering.problem_page(problem, home)
        return as_problem(request, problem)

    def _wants_page(self, request: Request) -> bool:
        """Without a preference: links are opened by people, and what is posted is answered in kind."""
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        return wants_page(accepted(request), by_default=not self.intake.reads_body or kind in FORMS)


@dataclass(frozen=True, slots=True)
class Process:
    """What the process says about itself, without a row of the table."""

    readiness: Readiness
    contract_document: bytes

    async def health(self, request: Request, receive: Receive) -> Response:
        return Response(b'{"alive": true}', media_type=JSON)

    async def ready(self, request: Request, receive: Receive) -> Response:
        fault = await self.readiness.fault()
        return as_problem(request, fault) if fault else Response(b'{"ready": true}', media_type=JSON)

    async def contract(self, request: Request, receive: Receive) -> Response:
        return revalidated(request, self.contract_document)


class Resource:
    """All methods of one path; an ASGI application of its own."""

    def __init__(self, template: str, methods: Mapping[str, Handler]) -> None:
        self.template = template
        # HEAD is GET without its body, which the server leaves out; a GET changes nothing, so neither does it.
        self.methods = {**methods, **({"HEAD": methods["GET"]} if "GET" in methods else {})}
        self.allowed = ", ".join(sorted(self.methods))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["exchange"].route = self.template
        request = Request(scope)
        handler = self.methods.get(scope["method"])
        if handler is None:
            response = as_problem(request, Problem(405, f"Allowed: {self.allowed}.", (), {"allow": self.allowed}))
        else:
            response = await handler(request, receive)
        await response(scope, receive, send)


async def not_found(scope: Scope, receive: Receive, send: Send) -> None:
    """No such path."""
    await as_problem(Request(scope), Problem(404, "There is nothing at this path."))(scope, receive, send)


def as_problem(request: Request, problem: Problem) -> Response:
    exchange: Exchange = request.scope["exchange"]
    body = problem.body(exchange.request_id, exchange.trace_id)
    return Response(body, problem.status, dict(problem.headers), MEDIA_TYPE)


def revalidated(request: Request, content: bytes) -> Response:
    """The answer with its ETag, or 304 where the caller has it already."""
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"etag": etag, "cache-control": "no-cache"}
    if knows(request.headers.getlist("if-none-match"), etag):
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers, media_type=JSON)


def knows(conditions: Iterable[str], etag: str) -> bool:
    """If-None-Match, compared weakly as RFC 9110 says."""
    tags = [tag.strip().removeprefix("W/") for condition in conditions for tag in condition.split(",")]
    return etag in tags or "*" in tags
