"""The OpenAPI 3.1 document, from the table, the models and the functions' comments: nothing is written twice."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, Field
from pydantic.json_schema import models_json_schema

from app.edge.calls import Function
from app.edge.intake import BODY_LIMIT, FORMS, JSON, Intake
from app.edge.problems import KINDS, MEDIA_TYPE
from app.edge.readiness import Ready
from app.endpoints.examples import BODIES
from app.endpoints.fields import Output
from app.endpoints.table import ENDPOINTS, Endpoint, Who
from app.pages.rendering import PROBLEM_WORDS
from app.sign_in.access_tokens import KIND

Json = dict[str, Any]

REF = "#/components/schemas/{model}"

DESCRIPTION = f"""\
Engagement and coaching for a home-services marketplace.

JSON with snake_case keys; instants are RFC 3339 and answered in UTC; money is integer poisha (1/100 taka); ids are
UUIDs. A field that a request does not know is refused. Bodies up to {BODY_LIMIT // 1024} KiB.

Every 4xx and 5xx is a problem of RFC 9457 (`{MEDIA_TYPE}`). Its `type` names the kind of fault and stays the same,
`detail` is a sentence, `errors` names the fields. After 429 and 503, wait as long as `Retry-After` says.

A POST that takes an `Idempotency-Key` can be repeated with the same key and body for 24 hours: the answer is that of
the first time (`Idempotency-Replayed: true`), and there is one effect however often and concurrently it is sent.

Lists go on with `cursor`: the `next_cursor` of the page before, as it is.

A body is JSON whatever `Accept` says, but for the pages behind links. A name that stands twice in an object is refused.

`X-Request-Id` is taken over if sent, made if not, and answered. `traceparent` (W3C) is taken over likewise.
HEAD is allowed wherever GET is."""


BEARER: Json = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "JWT",
    "description": f"The access token of a sign-in (typ {KIND}, keys at /.well-known/jwks.json).",
}
PROVIDER_SCHEMES: Json = {
    "webhook_signature": {
        "type": "apiKey",
        "in": "header",
        "name": "webhook-signature",
        "description": "With webhook-id and webhook-timestamp, as Standard Webhooks say.",
    },
    "hub_signature": {
        "type": "apiKey",
        "in": "header",
        "name": "x-hub-signature-256",
        "description": "sha256= and the HMAC-SHA256 of the body, as Meta's platforms sign.",
    },
    "gateway_secret": {"type": "http", "scheme": "bearer", "description": "The secret agreed with a gateway."},
}
SERVICE_SCHEMES: Json = {
    "service_token": {
        "type": "http",
        "scheme": "bearer",
        "description": "A token of one of our own programs: python -m app service-token make NAME.",
    },
}
HANDSHAKE = ("mode", "verify_token", "challenge")
# By which schemes whoever may call is known; everybody else by the access token.
SECURITY: Mapping[Who, tuple[str, ...]] = {
    Who.ANYONE: (),
    Who.PROVIDER: tuple(PROVIDER_SCHEMES),
    Who.SERVICE: tuple(SERVICE_SCHEMES),
}
# Beside the kind of problem, when it is answered to a request that is as the schema says.
REASONS: Mapping[int, str] = {
    409: "What is asked for does not go together with what is recorded, or happens already under this Idempotency-Key.",
    410: "It was there, and its time is over.",
    412: "If-Match names another version than there is now.",
    422: "By its form, or by what only the database or a key knows: `errors` names the field.",
    428: "If-Match was not sent.",
}
RATE_HEADERS: Json = {
    "RateLimit-Policy": {"description": "The limit: q calls in w seconds.", "schema": {"type": "string"}},
    "RateLimit": {"description": "r calls are left; all of them in t seconds.", "schema": {"type": "string"}},
}
IF_NONE_MATCH: Json = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The ETag of what the caller has: 304 while it is still that.",
    "schema": {"type": "string"},
}
# What our own inputs read from headers.
HEADERS: Mapping[str, str] = {
    "if-match": "The ETag of what is changed, as it was read; * for whatever there is.",
    "user-agent": "What the device or program calls itself.",
    "webhook-id": "The provider's name for the call; the same again has no effect.",
}
IDEMPOTENCY_KEY: Json = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "New for each new request; the same when it is repeated.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!#-~]+$"},
}


class FieldError(Output):
    """What is wrong with one field of the request."""

    field: str = Field(description="Its name, with the position in a list: add_on_ids.0. Empty: no single field.")
    detail: str
    value: str | None = Field(description="The value that was refused, where it helps to know.")


class ProblemDocument(Output):
    """RFC 9457: why a request was not carried out."""

    type: str = Field(description="urn:shokti:problem:… — the kind of fault; stable.")
    title: str = Field(description="The kind of fault in words; the same for every fault of the type.")
    status: int
    detail: str = Field(description="What is wrong this time and what to do.")
    instance: str = Field(description="urn:shokti:request:… with the request id.")
    errors: list[FieldError]
    trace_id: str = Field(description="Tells us which lines of our logs belong to this request.")


class Alive(Output):
    """The process runs."""

    alive: bool


class VerificationKey(Output):
    """The public part of a signing key (RFC 7517, RFC 8037)."""

    kty: Literal["OKP"]
    crv: Literal["Ed25519"]
    use: Literal["sig"]
    alg: Literal["EdDSA"]
    kid: str
    x: str


class KeySet(Output):
    """Whatever access tokens are signed with now and were of late."""

    keys: list[VerificationKey]


def encode(contract: Json) -> bytes:
    """As committed: one value a line, so that a change is a readable diff."""
    return (json.dumps(contract, ensure_ascii=False, indent=2) + "\n").encode()


def document(functions: Mapping[str, Function]) -> Json:
    """The whole document."""
    models: list[type[BaseModel]] = [endpoint.output for endpoint in ENDPOINTS]
    models += [ProblemDocument, Alive, Ready, KeySet]
    _, schemas = models_json_schema([(model, "validation") for model in dict.fromkeys(models)], ref_template=REF)
    definitions: Json = schemas["$defs"]
    paths: Json = {}
    for endpoint in ENDPOINTS:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = operation(
            endpoint, functions[endpoint.function].comment, definitions
        )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Shokti",
            "version": "1.0.0",
            "description": DESCRIPTION,
        },
        "servers": [{"url": "/"}],
        "paths": with_handshake(paths) | own_paths(),
        "components": {
            "schemas": {name: _untitled(definitions[name]) for name in sorted(definitions)},
            "securitySchemes": {"bearer": BEARER} | PROVIDER_SCHEMES | SERVICE_SCHEMES,
        },
    }


def operation(endpoint: Endpoint, comment: str, definitions: Json) -> Json:
    """One row, in words of its function's comment: first line, then the rest."""
    summary, _, description = comment.partition("\n")
    intake = Intake(endpoint)
    schema = endpoint.input.model_json_schema(ref_template=REF)
    definitions |= schema.pop("$defs", {})
    properties: Json = schema.get("properties", {})
    described: Json = {
        "operationId": endpoint.function,
        "summary": summary.rstrip("."),
        # SQLSTATEs as the HTTP statuses that callers see.
        "description": re.sub(r"\bSH(?=\d{3}\b)", "", description.strip()),
        "parameters": parameters(endpoint, intake, properties, set(schema.get("required", []))),
    }
    body = {name: one for name, one in properties.items() if name in intake.named}
    if intake.reads_body and body:
        needed = set(schema.get("required", []))
        described["requestBody"] = request_body(intake, body, needed, schema["title"], BODIES.get(endpoint.function))
    if intake.raw:
        described["requestBody"] = {"required": True, "content": {kind: {"schema": {}} for kind in (JSON, FORMS[0])}}
    described["responses"] = responses(endpoint, intake)
    schemes = SECURITY.get(endpoint.who, ("bearer",))
    # OpenAPI 3.1: beside a bearer token, the role that it has to have; any of them where people are just signed in.
    roles = [endpoint.who.value] if endpoint.who.signs_in and endpoint.who is not Who.SIGNED_IN else []
    described["security"] = [{scheme: roles} for scheme in schemes]
    return {key: value for key, value in described.items() if value or key == "security"}


def parameters(endpoint: Endpoint, intake: Intake, properties: Json, required: set[str]) -> list[Json]:
    found = [_parameter(name, "path", True, properties[name]) for name in intake.path]
    found += [
        _parameter(header, "header", name in required, {"type": "string"}) | {"description": HEADERS[header]}
        for name, header in intake.headers.items()
    ]
    if endpoint.revalidated and endpoint.method == "GET":
        found.append(IF_NONE_MATCH)
    if endpoint.takes_key:
        found.append(IDEMPOTENCY_KEY)
    if not intake.reads_body:
        found += [_parameter(name, "query", name in required, properties[name]) for name in sorted(intake.named)]
    return found


def request_body(
    intake: Intake, properties: Json, required: set[str], title: str, example: Mapping[str, Any] | None
) -> Json:
    schema: Json = {
        "type": "object",
        "title": title,
        "additionalProperties": False,
        "properties": {name: _untitled(one) for name, one in properties.items()},
    }
    needed = sorted(required & properties.keys())
    if needed:
        schema["required"] = needed
    content: Json = {JSON: {"schema": schema} | ({"example": example} if example else {})}
    if intake.takes_forms:
        # A form has no null: what is not meant is left out.
        plain = {name: _without_null(one) for name, one in schema["properties"].items()}
        content |= {kind: {"schema": schema | {"properties": plain}} for kind in FORMS}
    return {"required": bool(needed), "content": content}


def responses(endpoint: Endpoint, intake: Intake) -> Json:
    good: Json = {"description": (endpoint.output.__doc__ or "").strip()}
    page = endpoint.page
    good["content"] = {JSON: {"schema": {"$ref": REF.format(model=endpoint.output.__name__)}}}
    found: Json = {str(endpoint.status): good}
    if page and page.template:
        good["content"]["text/html"] = {"schema": {"type": "string"}}
    if page and page.marks:
        found["302"] = {
            "description": f"For a browser: the same page, its address marked with {page.marks} of the answer.",
            "headers": {"Location": {"schema": {"type": "string", "format": "uri-reference"}}},
        }
    if page and page.see_other:
        found["303"] = {
            "description": "For a form: the page that shows it.",
            "headers": {"Location": {"schema": {"type": "string", "format": "uri-reference"}}},
        }
    if endpoint.revalidated:
        tag = {"ETag": {"schema": {"type": "string"}}}
        good["headers"] = tag
        if endpoint.method == "GET":
            found["304"] = {"description": "As If-None-Match says, unchanged.", "headers": tag}
    if endpoint.rate:
        good["headers"] = good.get("headers", {}) | RATE_HEADERS
    raised = {int(code.removeprefix("SH")) for code in endpoint.errors} | {500, 503}
    raised |= set(endpoint.ceremony.refuses) if endpoint.ceremony else set()
    raised |= {429} if endpoint.rate else set()
    raised |= {401, 403} if endpoint.who.bears_token else set()
    raised |= {401} if endpoint.who is Who.PROVIDER else set()
    raised |= {409, 422} if endpoint.takes_key else set()
    if intake.path or intake.named:
        raised |= {400, 422}
    if intake.reads_body:
        raised |= {400, 413, 415, 422}
    return found | {str(status): problem(status, paged=bool(page)) for status in sorted(raised)}


def problem(status: int, *, paged: bool = False) -> Json:
    described: Json = {
        "description": f"{KINDS[status][1]}. {REASONS.get(status, '')}".strip(),
        "content": {MEDIA_TYPE: {"schema": {"$ref": REF.format(model="ProblemDocument")}}},
    }
    if paged and status in PROBLEM_WORDS:
        described["content"]["text/html"] = {"schema": {"type": "string"}}
    if status in (429, 503):
        described["headers"] = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "string"}}}
    if status == 401:
        described["headers"] = {"WWW-Authenticate": {"description": "Bearer.", "schema": {"type": "string"}}}
    return described


def with_handshake(paths: Json) -> Json:
    """Beside the calls of providers what Meta asks for before it makes any; no function stands behind it."""
    path = "/webhooks/{provider}"
    described = {
        "operationId": "webhook_handshake",
        "summary": "Whether this address awaits the provider's calls",
        "description": "Asked by Meta's platforms when the address is entered there; answered with the challenge.",
        "parameters": [_parameter("provider", "path", True, {"type": "string"})]
        + [_parameter(f"hub.{name}", "query", True, {"type": "string"}) for name in HANDSHAKE],
        "responses": {
            "200": {"description": "The challenge.", "content": {"text/plain": {"schema": {"type": "string"}}}},
            "403": problem(403),
        },
        "security": [],
    }
    return paths | {path: {"get": described} | paths[path]}


def own_paths() -> Json:
    """What the process says about itself."""

    def get(name: str, summary: str, more: str, schema: Json, *faults: int, media: str = JSON) -> Json:
        answer = {"description": summary + ".", "content": {media: {"schema": schema}}}
        found = {"200": answer} | {str(status): problem(status) for status in faults}
        described = {"operationId": name, "summary": summary, "description": more}
        return {"get": described | {"responses": found, "security": []}}

    def model(name: str) -> Json:
        return {"$ref": REF.format(model=name)}

    return {
        "/healthz": get(
            "healthz", "The process runs", "Asks nobody: what it needs may be away. See /readyz.", model("Alive")
        ),
        "/readyz": get(
            "readyz",
            "The process may be given requests",
            "The database is reached, with the migrations and definitions of this release; a worker has heard the queue"
            " within the rule listener.silence (or none ever did); the process is not draining. Else 503: errors name"
            " database, migration, definitions, listener or process.",
            model("Ready"),
            503,
        ),
        "/.well-known/jwks.json": get(
            "jwks",
            "Public keys that verify access tokens",
            "Keys of late are among them, so that tokens stay good while a key is changed. Empty where HS256 is set.",
            model("KeySet"),
        ),
        "/openapi.json": get("openapi", "This document", "For programs; revalidated by its ETag.", {"type": "object"}),
        "/docs": get("docs", "This document as a page", "For people.", {"type": "string"}, media="text/html"),
    }


def _parameter(name: str, place: str, required: bool, schema: Json) -> Json:
    return {"name": name, "in": place, "required": required, "schema": _untitled(schema)}


def _without_null(schema: Json) -> Json:
    """What remains of an optional field that is sent."""
    (kind,) = [kind for kind in schema.get("anyOf", [schema]) if kind != {"type": "null"}]
    return {key: value for key, value in (schema | kind).items() if key not in ("anyOf", "default")}


def _untitled(schema: Any) -> Any:
    """Without pydantic's titles, which only repeat the names."""
    if isinstance(schema, dict):
        return {key: _untitled(value) for key, value in schema.items() if key != "title" or not isinstance(value, str)}
    return [_untitled(value) for value in schema] if isinstance(schema, list) else schema
