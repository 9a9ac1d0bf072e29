"""The ASGI application: every row of the table behind its path, everything else as a problem."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import psycopg
from pydantic import TypeAdapter
from pydantic_core import from_json
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from app import journal
from app.edge import calls, cors
from app.edge.calls import Call, Database, Function
from app.edge.envelope import Draining, Envelope, Exchange
from app.edge.guard import Guard
from app.edge.intake import FORMS, Intake
from app.edge.negotiation import accepted, wants_page
from app.edge.problems import INTERNAL, MEDIA_TYPE, Problem, Refusal, from_database
from app.edge.readiness import Heads, Readiness
from app.endpoints.fields import Input
from app.endpoints.table import ENDPOINTS, Endpoint, Who
from app.pages import rendering
from app.pages.documentation import Documentation
from app.sign_in.access_tokens import Bearer, Caller
from db import Fault, Settings
from db.settings import ROOT

CONTRACT_FILE = ROOT / "app" / "openapi.json"
JSON = "application/json"

Handler = Callable[[Request, Receive], Awaitable[Response]]


def build(
    database: Database,
    functions: Mapping[str, Function],
    draining: Draining,
    settings: Settings,
    endpoints: Iterable[Endpoint] = ENDPOINTS,
) -> ASGIApp:
    """The whole application over a pool. A Fault names the first row that the database cannot serve."""
    guard = Guard.prepared(settings, functions, database)
    paths: dict[str, dict[str, Handler]] = {}
    for endpoint in endpoints:
        paths.setdefault(endpoint.path, {})[endpoint.method] = Served.prepared(endpoint, functions, database, guard)
    readiness = Readiness(database, calls.own("readiness", functions), Heads.of_checkout(), draining)
    document, keys = CONTRACT_FILE.read_bytes(), guard.desk.tokens.key_set()
    own = Process(readiness, document, keys, tag_of(document), tag_of(keys))
    documentation = Documentation.of(own.contract_document)

    async def docs(request: Request, receive: Receive) -> Response:
        return documentation.response()

    async def handshake(request: Request, receive: Receive) -> Response:
        try:
            return Response(guard.providers.handshake(request.scope), media_type="text/plain")
        except Refusal as refusal:
            return as_problem(request, refusal.problem)

    paths["/webhooks/{provider}"]["GET"] = handshake
    paths |= {
        "/healthz": {"GET": own.health},
        "/readyz": {"GET": own.ready},
        "/openapi.json": {"GET": own.contract},
        "/.well-known/jwks.json": {"GET": own.key_set},
        "/docs": {"GET": docs},
    }
    app: ASGIApp = Paths({path: Resource(path, methods) for path, methods in paths.items()})
    on_fault: ASGIApp = at_fault
    if settings.cors_origins:
        # A page that may read an answer may read a fault, too.
        app, on_fault = (cors.let_in(inner, settings.cors_origins) for inner in (app, on_fault))
    return Envelope(app, on_fault, draining, behind_tls=settings.public_url.startswith("https:"))


@dataclass(frozen=True, slots=True)
class Served:
    """A row of the table, with everything about it that can be done before the first request."""

    endpoint: Endpoint
    intake: Intake
    call: Call
    database: Database
    output: TypeAdapter[Any]
    guard: Guard
    tags: Tags

    @classmethod
    def prepared(
        cls, endpoint: Endpoint, functions: Mapping[str, Function], database: Database, guard: Guard
    ) -> Served:
        # A row that asks for a guard nobody stands at must not be served without it.
        if endpoint.rate and endpoint.rate.per == "actor" and not endpoint.who.signs_in:
            raise Fault(f"{endpoint.method} {endpoint.path}: a limit per actor is not enforced where nobody signs in")
        if endpoint.who is Who.SERVICE and endpoint.method == "POST" and not endpoint.idempotent:
            # Keys are kept for people.
            raise Fault(f"{endpoint.method} {endpoint.path}: an Idempotency-Key of a service is not enforced")
        intake = Intake(endpoint)
        call = calls.build(endpoint, intake.arguments, functions)
        return cls(endpoint, intake, call, database, TypeAdapter(endpoint.output), guard, Tags())

    async def __call__(self, request: Request, receive: Receive) -> Response:
        """Admit, validate, call, pass on; whatever stands against it becomes a problem here."""
        began = perf_counter()
        headers: dict[str, str] = {}
        try:
            response = await self._answered(request, receive, headers)
        except Refusal as refusal:
            response = self._refused(request, refusal.problem)
        except psycopg.Error as error:
            problem = from_database(error)
            if problem.status >= 500:
                trace_id = request.scope["exchange"].trace_id
                journal.log.error("call", function=self.call.function, trace_id=trace_id, **journal.describe(error))
            response = self._refused(request, problem)
        if headers:
            response.headers.update({name: value for name, value in headers.items() if name not in response.headers})
        if self.endpoint.ceremony and (rest := self.endpoint.ceremony.at_least - (perf_counter() - began)) > 0:
            await asyncio.sleep(rest)
        return response

    async def _answered(self, request: Request, receive: Receive, headers: dict[str, str]) -> Response:
        caller = self.guard.admitted(request.scope, self.endpoint.who) if self.endpoint.who.bears_token else None
        if self.endpoint.who is Who.PROVIDER:
            given: Input = await self.guard.providers.read(request.scope, receive)
        else:
            given = await self.intake.read(request.scope, receive)
        if self.endpoint.rate:
            await self.guard.limited(self.endpoint, request.scope, caller, headers)
        content = await self._called(request, given, caller, headers)
        page = self.endpoint.page
        if page and self._wants_page(request):
            return rendering.page(page, request, self.output.validate_json(content))
        if caller and self.intake.paged:
            content = self.guard.cursors.sealed(content, self.call.function, caller.owner)
        if self.endpoint.revalidated:
            tag = tag_of(content) if caller else self.tags.of(content)
            return revalidated(request, content, tag, self.endpoint.status, private=caller is not None)
        return Response(content, self.endpoint.status, {"vary": "Accept"} if page else {}, JSON)

    async def _called(self, request: Request, given: Input, caller: Bearer | None, headers: dict[str, str]) -> bytes:
        made: dict[str, Any] = {"traceparent": request.scope["exchange"].traceparent}
        if caller:
            made |= caller.arguments
            if cursor := self.intake.paged and getattr(given, "cursor", None):
                position = self.guard.cursors.position(cursor, self.call.function, caller.owner)
                given = given.model_copy(update={"cursor": position})
            key = self.guard.key(request.scope) if self.endpoint.takes_key else None
            if key is not None and isinstance(caller, Caller):
                whole = f"{self.endpoint.path} {given.model_dump_json()}".encode()
                repetition = self.guard.repetition(caller, key, hashlib.sha256(whole).digest(), self.endpoint.status)
                content, stored = await self.database.ask_under_key(
                    self.call, self.call.values(given, made), repetition
                )
                headers["idempotency-replayed"] = "true" if stored else "false"
                return content
        ceremony = self.endpoint.ceremony
        if ceremony is None:
            return await self.database.ask(self.call, self.call.values(given, made))
        desk = self.guard.desk
        made |= await ceremony.prepare(given, desk, self.guard.address(request.scope))
        answer = await self.database.ask(self.call, self.call.values(given, made))
        return json.dumps(ceremony.conclude(from_json(answer), given, made, desk), ensure_ascii=False).encode()

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
    keys: bytes
    contract_tag: str
    keys_tag: str

    async def health(self, request: Request, receive: Receive) -> Response:
        return Response(b'{"alive": true}', media_type=JSON)

    async def ready(self, request: Request, receive: Receive) -> Response:
        state = await self.readiness.state()
        if isinstance(state, Problem):
            return as_problem(request, state)
        return Response(state.model_dump_json(), media_type=JSON)

    async def contract(self, request: Request, receive: Receive) -> Response:
        return revalidated(request, self.contract_document, self.contract_tag)

    async def key_set(self, request: Request, receive: Receive) -> Response:
        return revalidated(request, self.keys, self.keys_tag)


class Paths:
    """Which resource a path leads to. Most paths are plain words and found at once; the others by their patterns."""

    def __init__(self, resources: Mapping[str, Resource]) -> None:
        self.plain = {path: resource for path, resource in resources.items() if "{" not in path}
        routes = [Route(path, resource) for path, resource in resources.items() if path not in self.plain]
        self.patterned = Router(routes, redirect_slashes=False, default=not_found)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.plain.get(scope["path"], self.patterned)(scope, receive, send)


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


async def at_fault(scope: Scope, receive: Receive, send: Send) -> None:
    """What nobody foresaw; the envelope has it in the log."""
    await as_problem(Request(scope), INTERNAL)(scope, receive, send)


def as_problem(request: Request, problem: Problem) -> Response:
    exchange: Exchange = request.scope["exchange"]
    body = problem.body(exchange.request_id, exchange.trace_id)
    return Response(body, problem.status, dict(problem.headers), MEDIA_TYPE)


def tag_of(content: bytes) -> str:
    """The ETag of an answer."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


class Tags:
    """ETags of one public answer, nearly always the same as the last time: to compare costs far less than to hash."""

    def __init__(self) -> None:
        self.content = b""
        self.tag = tag_of(b"")

    def of(self, content: bytes) -> str:
        if content != self.content:
            self.content, self.tag = content, tag_of(content)
        return self.tag


def revalidated(request: Request, content: bytes, etag: str, status: int = 200, *, private: bool = False) -> Response:
    """The answer with its ETag, or 304 where the caller has it already; what is private is nobody's to keep."""
    headers = {"etag": etag, "cache-control": "no-store" if private else "no-cache"}
    if request.method in ("GET", "HEAD") and knows(request.headers.getlist("if-none-match"), etag):
        return Response(status_code=304, headers=headers)
    return Response(content, status, headers, JSON)


def knows(conditions: Iterable[str], etag: str) -> bool:
    """If-None-Match, compared weakly as RFC 9110 says."""
    tags = [tag.strip().removeprefix("W/") for condition in conditions for tag in condition.split(",")]
    return etag in tags or "*" in tags
