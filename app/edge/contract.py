"""The OpenAPI 3.1 document, generated from the table, the models and the comments of the functions."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from types import ModuleType
from typing import Any, Literal

from pydantic import BaseModel, Field
from pydantic.json_schema import models_json_schema

from app.edge.functions import ApiFunction
from app.edge.intake import BODY_LIMIT, FORM, JSON, Intake
from app.edge.problems import KINDS, MEDIA_TYPE
from app.edge.readiness import Ready
from app.endpoints import operations
from app.endpoints.examples import BODIES
from app.endpoints.fields import Output
from app.endpoints.row import Endpoint, Who
from app.endpoints.table import ENDPOINTS, ROOMS
from app.pages.rendering import PROBLEM_WORDS
from app.sign_in.access_tokens import TOKEN_TYPE

Json = dict[str, Any]

REF = "#/components/schemas/{model}"

DESCRIPTION = f"""\
Engagement and coaching for a home-services marketplace.

JSON with snake_case keys; instants are RFC 3339 and answered in UTC; money is integer poisha (1/100 taka); ids are
UUIDs. Unknown fields are refused. Bodies up to {BODY_LIMIT // 1024} KiB.

Every 4xx and 5xx is a problem document of RFC 9457 (`{MEDIA_TYPE}`). Its `type` is stable and names the kind of fault,
`detail` is a sentence, `errors` names the fields. After 429 and 503, wait as long as `Retry-After` says.

A POST that takes an `Idempotency-Key` can be repeated with the same key and body for 24 hours. It answers as the first
time (`Idempotency-Replayed: true`) and has one effect, however often and concurrently it is sent.

The next page of a list: send the `next_cursor` of the previous page as `cursor`.

An answer is JSON whatever `Accept` says, except for the pages behind links. A repeated name in an object is refused.

`X-Request-Id` is generated if it is not sent, and answered. `traceparent` (W3C) is continued if it is sent.
HEAD is allowed wherever GET is."""


BEARER: Json = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "JWT",
    "description": f"The access token of a sign-in (typ {TOKEN_TYPE}, keys at /.well-known/jwks.json).",
}
PROVIDER_SCHEMES: Json = {
    "webhook_signature": {
        "type": "apiKey",
        "in": "header",
        "name": "webhook-signature",
        "description": "With webhook-id and webhook-timestamp, as specified by Standard Webhooks.",
    },
    "hub_signature": {
        "type": "apiKey",
        "in": "header",
        "name": "x-hub-signature-256",
        "description": "sha256= and the HMAC-SHA256 of the body, as Meta's platforms sign.",
    },
    "gateway_secret": {"type": "http", "scheme": "bearer", "description": "The secret shared with a gateway."},
}
PROGRAM_SCHEMES: Json = {
    "service_token": {
        "type": "http",
        "scheme": "bearer",
        "description": "A token of one of our own programs: python -m app program-token make NAME.",
    },
}
PROCESS_TAG: Json = {"name": "process", "description": "The process itself, its public keys, and this document."}
HANDSHAKE = ("mode", "verify_token", "challenge")
# Security schemes of callers; people use the access token.
SECURITY: Mapping[Who, tuple[str, ...]] = {
    Who.ANYONE: (),
    Who.PROVIDER: tuple(PROVIDER_SCHEMES),
    Who.PROGRAM: tuple(PROGRAM_SCHEMES),
}
# When a request that conforms to the schema gets this status.
STATUS_DESCRIPTIONS: Mapping[int, str] = {
    409: "The request contradicts recorded data, or is already being processed under this Idempotency-Key.",
    410: "It has expired.",
    412: "If-Match does not name the current version.",
    422: "By its form, or by a check that needs the database or a key: `errors` names the field.",
    428: "If-Match was not sent.",
}
RATE_HEADERS: Json = {
    "RateLimit-Policy": {"description": "The limit: q calls in w seconds.", "schema": {"type": "string"}},
    "RateLimit": {"description": "r calls are left; all of them again in t seconds.", "schema": {"type": "string"}},
}
IF_NONE_MATCH: Json = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The ETag of the caller's copy: 304 if it is current.",
    "schema": {"type": "string"},
}
# Headers that inputs read.
HEADERS: Mapping[str, str] = {
    "if-match": "The ETag of the version that is changed; * for any.",
    "user-agent": "Name of the device or program.",
    "webhook-id": "The provider's id of the call; a repeated id has no effect.",
}
IDEMPOTENCY_KEY: Json = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "New for each new request; the same for its repetitions.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!#-~]+$"},
}


class FieldError(Output):
    """A fault of one field of the request."""

    field: str = Field(description="Its name, with the position in a list: add_on_ids.0. Empty: not a single field.")
    detail: str
    value: str | None = Field(description="The refused value, where it helps.")


class ProblemDocument(Output):
    """Why a request was refused (RFC 9457)."""

    type: str = Field(description="urn:shokti:problem:…, the kind of fault; stable.")
    title: str = Field(description="The kind of fault in words; fixed for the type.")
    status: int
    detail: str = Field(description="The specific fault, and what to do.")
    instance: str = Field(description="urn:shokti:request:… with the request id.")
    errors: list[FieldError]
    trace_id: str = Field(description="Identifies the request in our logs.")


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
    """Current and recent keys of access tokens."""

    keys: list[VerificationKey]


def encode(contract: Json) -> bytes:
    """One value a line, so that diffs are readable."""
    return (json.dumps(contract, ensure_ascii=False, indent=2) + "\n").encode()


def openapi_document(functions: Mapping[str, ApiFunction]) -> Json:
    """The whole document."""
    outputs: list[type[BaseModel]] = [endpoint.output for endpoint in ENDPOINTS]
    outputs += [ProblemDocument, Alive, Ready, KeySet]
    inputs: list[type[BaseModel]] = [endpoint.input for endpoint in ENDPOINTS]
    # All at once, so that no two models share a name.
    _, schemas = models_json_schema(
        [(model, "validation") for model in dict.fromkeys(outputs + inputs)], ref_template=REF
    )
    definitions: Json = schemas["$defs"]
    given = {model.__name__: definitions.pop(model.__name__) for model in dict.fromkeys(inputs)}
    paths: Json = {}
    for room in ROOMS:
        for endpoint in room.ROWS:
            comment = functions[endpoint.function].comment
            described = operation(endpoint, comment, given[endpoint.input.__name__], definitions)
            paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = {"tags": [tag(room)]} | described
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Shokti",
            "version": "1.0.0",
            "description": DESCRIPTION,
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": tag(room), "description": room.__doc__} for room in ROOMS] + [PROCESS_TAG],
        "paths": with_handshake(paths) | process_paths(),
        "components": {
            "schemas": {name: _untitled(definitions[name]) for name in sorted(definitions)},
            "securitySchemes": {"bearer": BEARER} | PROVIDER_SCHEMES | PROGRAM_SCHEMES,
        },
    }


def tag(room: ModuleType) -> str:
    """The name of a room."""
    return room.__name__.rpartition(".")[2].replace("_", "-")


def operation(endpoint: Endpoint, comment: str, schema: Json, definitions: Json) -> Json:
    """One row; its body is added to the definitions. Summary and description are the comment of its function."""
    summary, _, description = comment.partition("\n")
    intake = Intake(endpoint)
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
        described["requestBody"] = request_body(endpoint, intake, schema | {"properties": body}, definitions)
    if intake.raw:
        described["requestBody"] = {"required": True, "content": {kind: {"schema": {}} for kind in (JSON, FORM)}}
    described["responses"] = responses(endpoint, intake)
    schemes = SECURITY.get(endpoint.who, ("bearer",))
    # OpenAPI 3.1 allows roles beside a bearer scheme; none are named where any signed-in person may call.
    roles = [endpoint.who.value] if endpoint.who.signs_in and endpoint.who is not Who.SIGNED_IN else []
    described["security"] = [{scheme: roles} for scheme in schemes]
    return {key: value for key, value in described.items() if value or key == "security"}


def parameters(endpoint: Endpoint, intake: Intake, properties: Json, required: set[str]) -> list[Json]:
    found = [_parameter(name, "path", True, properties[name]) for name in intake.path]
    found += [
        _parameter(header, "header", name in required, {"type": "string"}) | {"description": HEADERS[header]}
        for name, header in intake.headers.items()
    ]
    if endpoint.has_etag and endpoint.method == "GET":
        found.append(IF_NONE_MATCH)
    if endpoint.takes_idempotency_key:
        found.append(IDEMPOTENCY_KEY)
    if not intake.reads_body:
        found += [_parameter(name, "query", name in required, properties[name]) for name in sorted(intake.named)]
    return found


def request_body(endpoint: Endpoint, intake: Intake, schema: Json, definitions: Json) -> Json:
    """A body by the name of its input model. Only fields of the body are left in the schema."""
    name = endpoint.input.__name__
    required = sorted(set(schema.get("required", [])) & schema["properties"].keys())
    body = {key: value for key, value in schema.items() if key != "required"} | (
        {"required": required} if required else {}
    )
    assert definitions.setdefault(name, body) == body, f"{name} is the input of rows with different bodies"
    example = BODIES.get(endpoint.function)
    content: Json = {JSON: {"schema": {"$ref": REF.format(model=name)}} | ({"example": example} if example else {})}
    if intake.takes_forms:
        # A form has no null: such a field is left out.
        plain = {field: _without_null(one) for field, one in body["properties"].items()}
        definitions[f"{name}Form"] = body | {"properties": plain}
        content[FORM] = {"schema": {"$ref": REF.format(model=f"{name}Form")}}
    return {"required": bool(required), "content": content}


def responses(endpoint: Endpoint, intake: Intake) -> Json:
    success: Json = {"description": (endpoint.output.__doc__ or "").strip()}
    page = endpoint.page
    success["content"] = {JSON: {"schema": {"$ref": REF.format(model=endpoint.output.__name__)}}}
    found: Json = {str(endpoint.status): success}
    if page and page.template:
        success["content"]["text/html"] = {"schema": {"type": "string"}}
    if page and page.query_fields:
        found["302"] = {
            "description": f"For a browser: the same page with {page.query_fields} of the answer in the query.",
            "headers": {"Location": {"schema": {"type": "string", "format": "uri-reference"}}},
        }
    if page and page.see_other:
        found["303"] = {
            "description": "For a form: the page that shows the result.",
            "headers": {"Location": {"schema": {"type": "string", "format": "uri-reference"}}},
        }
    if endpoint.has_etag:
        tag = {"ETag": {"schema": {"type": "string"}}}
        success["headers"] = tag
        if endpoint.method == "GET":
            found["304"] = {"description": "Unchanged since the ETag in If-None-Match.", "headers": tag}
    if endpoint.rate_limit_per:
        success["headers"] = success.get("headers", {}) | RATE_HEADERS
    raised = {int(code.removeprefix("SH")) for code in endpoint.all_errors} | {500, 503}
    raised |= set(endpoint.sign_in_flow.refusal_statuses) if endpoint.sign_in_flow else set()
    raised |= {429} if endpoint.rate_limit_per else set()
    raised |= {401, 403} if endpoint.who.bears_token else set()
    raised |= {401} if endpoint.who is Who.PROVIDER else set()
    raised |= {409, 422} if endpoint.takes_idempotency_key else set()
    if intake.path or intake.named:
        raised |= {400, 422}
    if intake.reads_body:
        raised |= {400, 413, 415, 422}
    return found | {str(status): problem(status, has_page=bool(page)) for status in sorted(raised)}


def problem(status: int, *, has_page: bool = False) -> Json:
    described: Json = {
        "description": f"{KINDS[status][1]}. {STATUS_DESCRIPTIONS.get(status, '')}".strip(),
        "content": {MEDIA_TYPE: {"schema": {"$ref": REF.format(model="ProblemDocument")}}},
    }
    if has_page and status in PROBLEM_WORDS:
        described["content"]["text/html"] = {"schema": {"type": "string"}}
    if status in (429, 503):
        described["headers"] = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "string"}}}
    if status == 401:
        described["headers"] = {"WWW-Authenticate": {"description": "Bearer.", "schema": {"type": "string"}}}
    return described


def with_handshake(paths: Json) -> Json:
    """The paths with the handshake of Meta's platforms, which is not a row of the table."""
    path = "/webhooks/{provider}"
    described = {
        "tags": [tag(operations)],
        "operationId": "webhook_handshake",
        "summary": "Confirms a webhook address",
        "description": "Called by Meta's platforms when the address is registered there; answered with the challenge.",
        "parameters": [_parameter("provider", "path", True, {"type": "string"})]
        + [_parameter(f"hub.{name}", "query", True, {"type": "string"}) for name in HANDSHAKE],
        "responses": {
            "200": {"description": "The challenge.", "content": {"text/plain": {"schema": {"type": "string"}}}},
            "403": problem(403),
        },
        "security": [],
    }
    return paths | {path: {"get": described} | paths[path]}


def process_paths() -> Json:
    """Paths about the process itself."""

    def get(name: str, summary: str, more: str, schema: Json, *faults: int, media: str = JSON) -> Json:
        answer = {"description": summary + ".", "content": {media: {"schema": schema}}}
        found = {"200": answer} | {str(status): problem(status) for status in faults}
        described = {"tags": [PROCESS_TAG["name"]], "operationId": name, "summary": summary, "description": more}
        return {"get": described | {"responses": found, "security": []}}

    def model(name: str) -> Json:
        return {"$ref": REF.format(model=name)}

    return {
        "/healthz": get(
            "healthz", "The process runs", "Checks no dependencies; for those, see /readyz.", model("Alive")
        ),
        "/readyz": get(
            "readyz",
            "The process can serve requests",
            "The database is reachable and has the migrations and definitions of this release. A worker process has received"
            " a notification within the rule listener.silence, or none ever did. The process is not draining. Otherwise"
            " 503: errors name database, migration, definitions, listener or process.",
            model("Ready"),
            503,
        ),
        "/.well-known/jwks.json": get(
            "jwks",
            "Public keys that verify access tokens",
            "Includes recent keys, so that tokens stay valid while a key is replaced. Empty with HS256.",
            model("KeySet"),
        ),
        "/openapi.json": get("openapi", "This document", "For programs; supports If-None-Match.", {"type": "object"}),
        "/docs": get("docs", "This document as a page", "For people.", {"type": "string"}, media="text/html"),
    }


def _parameter(name: str, place: str, required: bool, schema: Json) -> Json:
    return {"name": name, "in": place, "required": required, "schema": _untitled(schema)}


def _without_null(schema: Json) -> Json:
    """The schema of an optional field when it is sent."""
    (kind,) = [kind for kind in schema.get("anyOf", [schema]) if kind != {"type": "null"}]
    return {key: value for key, value in (schema | kind).items() if key not in ("anyOf", "default")}


def _untitled(schema: Any) -> Any:
    """Without pydantic's titles, which repeat the names."""
    if isinstance(schema, dict):
        return {key: _untitled(value) for key, value in schema.items() if key != "title" or not isinstance(value, str)}
    return [_untitled(value) for value in schema] if isinstance(schema, list) else schema
