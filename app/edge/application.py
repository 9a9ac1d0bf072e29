"""The ASGI application: a handler for each row of the table, a problem for everything else."""

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

from app.edge import cors
from app.edge.calls import Call, Database, build_call, build_edge_call
from app.edge.envelope import Draining, Envelope, Exchange
from app.edge.etags import EtagCache, conditional_response, etag_of
from app.edge.functions import ApiFunction
from app.edge.guard import Guard
from app.edge.intake import FORM, JSON, Intake
from app.edge.negotiation import accepted, wants_page
from app.edge.problems import INTERNAL, MEDIA_TYPE, Problem, Refusal, from_database
from app.edge.readiness import ExpectedVersions, Readiness
from app.endpoints.fields import Input
from app.endpoints.row import Endpoint, Who
from app.endpoints.table import ENDPOINTS
from app.pages import rendering
from app.pages.documentation import documentation
from app.sign_in.access_tokens import Bearer, Caller
from db import Fault, Settings
from db.log import error_fields, log
from db.settings import ROOT

CONTRACT_FILE = ROOT / "app" / "openapi.json"

Handler = Callable[[Request, Receive], Awaitable[Response]]


def build_application(
    database: Database,
    functions: Mapping[str, ApiFunction],
    draining: Draining,
    settings: Settings,
    endpoints: Iterable[Endpoint] = ENDPOINTS,
) -> ASGIApp:
    """The application over a pool. A Fault names the first row that the database cannot serve."""
    guard = Guard.create(settings, functions, database)
    paths: dict[str, dict[str, Handler]] = {}
    for endpoint in endpoints:
        handler = EndpointHandler.create(endpoint, functions, database, guard)
        paths.setdefault(endpoint.path, {})[endpoint.method] = handler
    readiness = Readiness(database, build_edge_call("readiness", functions), ExpectedVersions.of_checkout(), draining)
    document, keys = CONTRACT_FILE.read_bytes(), guard.sign_in.tokens.key_set()
    process = ProcessEndpoints(readiness, document, keys, etag_of(document), etag_of(keys))

    async def handshake(request: Request, receive: Receive) -> Response:
        try:
            return Response(guard.providers.handshake(request.scope), media_type="text/plain")
        except Refusal as refusal:
            return problem_response(request, refusal.problem)

    paths["/webhooks/{provider}"]["GET"] = handshake
    paths |= {
        "/healthz": {"GET": process.health},
        "/readyz": {"GET": process.ready},
        "/openapi.json": {"GET": process.contract},
        "/.well-known/jwks.json": {"GET": process.key_set},
    }
    paths |= {path: {"GET": file} for path, file in documentation().items()}
    app: ASGIApp = PathRouter({path: Resource(path, methods) for path, methods in paths.items()})
    on_error: ASGIApp = internal_error
    if settings.cors_origins:
        # A page that may read answers may read errors, too.
        app, on_error = (cors.allow_origins(inner, settings.cors_origins) for inner in (app, on_error))
    return Envelope(app, on_error, draining, behind_tls=settings.public_url.startswith("https:"))


@dataclass(frozen=True, slots=True)
class EndpointHandler:
    """A row of the table with all that can be prepared before the first request."""

    endpoint: Endpoint
    intake: Intake
    call: Call
    database: Database
    output: TypeAdapter[Any]
    guard: Guard
    etags: EtagCache

    @classmethod
    def create(
        cls, endpoint: Endpoint, functions: Mapping[str, ApiFunction], database: Database, guard: Guard
    ) -> EndpointHandler:
        # A row whose guard would not be enforced must not be served.
        if endpoint.rate_limit_per == "actor" and not endpoint.who.signs_in:
            raise Fault(f"{endpoint.method} {endpoint.path}: a limit per actor is not enforced without sign-in")
        if endpoint.who is Who.PROGRAM and endpoint.method == "POST" and not endpoint.idempotent:
            # Idempotency-Keys are stored for people only.
            raise Fault(f"{endpoint.method} {endpoint.path}: an Idempotency-Key of a program is not enforced")
        intake = Intake(endpoint)
        call = build_call(endpoint, intake.arguments, functions)
        return cls(endpoint, intake, call, database, TypeAdapter(endpoint.output), guard, EtagCache())

    async def __call__(self, request: Request, receive: Receive) -> Response:
        """Authenticate, validate, call, pass the answer on. Every refusal becomes a problem here."""
        began = perf_counter()
        headers: dict[str, str] = {}
        try:
            response = await self._answer(request, receive, headers)
        except Refusal as refusal:
            response = self._refused(request, refusal.problem)
        except psycopg.Error as error:
            problem = from_database(error)
            if problem.status >= 500:
                trace_id = request.scope["exchange"].trace_id
                log.error("call", function=self.call.function, trace_id=trace_id, **error_fields(error))
            response = self._refused(request, problem)
        if headers:
            response.headers.update({name: value for name, value in headers.items() if name not in response.headers})
        flow = self.endpoint.sign_in_flow
        if flow and (rest := flow.minimum_seconds - (perf_counter() - began)) > 0:
            await asyncio.sleep(rest)
        return response

    async def _answer(self, request: Request, receive: Receive, headers: dict[str, str]) -> Response:
        caller = self.guard.authenticate(request.scope, self.endpoint.who) if self.endpoint.who.bears_token else None
        if self.endpoint.who is Who.PROVIDER:
            given: Input = await self.guard.providers.read(request.scope, receive)
        else:
            given = await self.intake.read(request.scope, receive)
        if self.endpoint.rate_limit_per:
            await self.guard.enforce_rate_limit(self.endpoint, request.scope, caller, headers)
        content = await self._call_function(request, given, caller, headers)
        page = self.endpoint.page
        if page and self._wants_page(request):
            return rendering.page_response(page, request, self.output.validate_json(content))
        if caller and self.intake.paged:
            content = self.guard.cursors.sign(content, self.call.function, caller.owner)
        if self.endpoint.has_etag:
            etag = etag_of(content) if caller else self.etags.of(content)
            return conditional_response(request, content, etag, self.endpoint.status, private=caller is not None)
        return Response(content, self.endpoint.status, {"vary": "Accept"} if page else {}, JSON)

    async def _call_function(
        self, request: Request, given: Input, caller: Bearer | None, headers: dict[str, str]
    ) -> bytes:
        computed: dict[str, Any] = {"traceparent": request.scope["exchange"].traceparent}
        if caller:
            computed |= caller.arguments
            if cursor := self.intake.paged and getattr(given, "cursor", None):
                position = self.guard.cursors.position(cursor, self.call.function, caller.owner)
                given = given.model_copy(update={"cursor": position})
            key = self.guard.idempotency_key(request.scope) if self.endpoint.takes_idempotency_key else None
            if key is not None and isinstance(caller, Caller):
                whole = f"{self.endpoint.path} {given.model_dump_json()}".encode()
                one = self.guard.idempotent_call(caller, key, hashlib.sha256(whole).digest(), self.endpoint.status)
                values = self.call.values(given, computed)
                content, replayed = await self.database.call_idempotently(self.call, values, one)
                headers["idempotency-replayed"] = "true" if replayed else "false"
                return content
        flow = self.endpoint.sign_in_flow
        if flow is None:
            return await self.database.call(self.call, self.call.values(given, computed))
        context = self.guard.sign_in
        computed |= await flow.prepare(given, context, self.guard.address(request.scope))
        answer = from_json(await self.database.call(self.call, self.call.values(given, computed)))
        return json.dumps(flow.conclude(answer, computed, context), ensure_ascii=False).encode()

    def _refused(self, request: Request, problem: Problem) -> Response:
        """A page where a person can do something about it; otherwise the problem document."""
        has_words = problem.status in rendering.PROBLEM_WORDS
        if self.endpoint.page and has_words and self._wants_page(request):
            home = request.url.path.removesuffix("/book")
            return rendering.problem_page(problem, home)
        return problem_response(request, problem)

    def _wants_page(self, request: Request) -> bool:
        """Without a preference in Accept: people open links, so a page; a posted form gets a page, JSON gets JSON."""
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        return wants_page(accepted(request), by_default=self.endpoint.method == "GET" or kind == FORM)


@dataclass(frozen=True, slots=True)
class ProcessEndpoints:
    """Paths about the process itself, which are not rows of the table."""

    readiness: Readiness
    contract_document: bytes
    keys: bytes
    contract_etag: str
    keys_etag: str

    async def health(self, request: Request, receive: Receive) -> Response:
        return Response(b'{"alive": true}', media_type=JSON)

    async def ready(self, request: Request, receive: Receive) -> Response:
        state = await self.readiness.state()
        if isinstance(state, Problem):
            return problem_response(request, state)
        return Response(state.model_dump_json(), media_type=JSON)

    async def contract(self, request: Request, receive: Receive) -> Response:
        return conditional_response(request, self.contract_document, self.contract_etag)

    async def key_set(self, request: Request, receive: Receive) -> Response:
        return conditional_response(request, self.keys, self.keys_etag)


class PathRouter:
    """The resource of a path. Most paths are without parameters and found by a dictionary; the others by patterns."""

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
        # HEAD is GET, and the server drops the body.
        self.methods = {**methods, **({"HEAD": methods["GET"]} if "GET" in methods else {})}
        self.allowed = ", ".join(sorted(self.methods))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["exchange"].route = self.template
        request = Request(scope)
        handler = self.methods.get(scope["method"])
        if handler is None:
            problem = Problem(405, f"Allowed: {self.allowed}.", (), {"allow": self.allowed})
            response = problem_response(request, problem)
        else:
            response = await handler(request, receive)
        await response(scope, receive, send)


async def not_found(scope: Scope, receive: Receive, send: Send) -> None:
    """No such path."""
    await problem_response(Request(scope), Problem(404, "There is nothing at this path."))(scope, receive, send)


async def internal_error(scope: Scope, receive: Receive, send: Send) -> None:
    """The answer to an unexpected exception, which the envelope logs."""
    await problem_response(Request(scope), INTERNAL)(scope, receive, send)


def problem_response(request: Request, problem: Problem) -> Response:
    exchange: Exchange = request.scope["exchange"]
    body = problem.body(exchange.request_id, exchange.trace_id)
    return Response(body, problem.status, dict(problem.headers), MEDIA_TYPE)
