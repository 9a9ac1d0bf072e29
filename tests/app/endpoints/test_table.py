"""The table of endpoints, the functions and the contract agree."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx2
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from psycopg import Connection

from app.edge import contract
from app.edge.application import CONTRACT_FILE, EndpointHandler
from app.edge.calls import build_call
from app.edge.functions import ApiFunction, ApiFunctions, Argument
from app.edge.intake import Intake
from app.endpoints.examples import BODIES
from app.endpoints.fields import Input, Output
from app.endpoints.market import Services
from app.endpoints.row import Endpoint, Who
from app.endpoints.table import EDGE_FUNCTIONS, ENDPOINTS
from db import Fault
from tests import marketplace

Db = Connection[Any]

# Schemas below api; used to find calls in the text of a function.
BELOW = "policy|edge|stats|account|market|text|outreach|prediction|smartengage|explain|what_if"
# As a comment names the trigger that raises an error of its function.
TRIGGER = re.compile(r"\(trigger (\w+)\)")
CALLED = re.compile(rf"\b((?:{BELOW})\.\w+)\(")


def functions(db: Db) -> dict[str, ApiFunction]:
    row = db.execute("select api.function_signatures()::text").fetchone()
    assert row is not None
    return {function.name: function for function in ApiFunctions.model_validate_json(row[0]).functions}


def test_every_row_has_a_function_and_every_function_a_row(db: Db) -> None:
    assert sorted(functions(db)) == sorted({row.function for row in ENDPOINTS} | set(EDGE_FUNCTIONS))


def test_every_limit_is_a_rule_and_every_rule_limits_something(db: Db) -> None:
    limits = {row.function for row in ENDPOINTS if row.rate_limit_per} | {"admin_tries", "admin_tries_per_address"}
    rules = db.execute("select rule from policy.rule_definition where rule ^@ 'rate.'").fetchall()
    expected = {f"rate.{limit}.{part}" for limit in limits for part in ("calls", "seconds")}
    assert {rule for (rule,) in rules} == expected
    assert re.findall(r"'(admin_tries\w*)'", source(db, "api.begin_admin_login")) == [
        "admin_tries_per_address",
        "admin_tries",
    ]


def test_methods_and_paths_and_functions_are_unique() -> None:
    assert len({(row.method, row.path) for row in ENDPOINTS}) == len(ENDPOINTS)
    assert len({row.function for row in ENDPOINTS}) == len(ENDPOINTS)


@pytest.mark.parametrize("row", ENDPOINTS, ids=lambda row: f"{row.method} {row.path}")
def test_every_error_of_a_row_is_raised_by_its_function(db: Db, row: Endpoint) -> None:
    """By itself or by a function that it calls. Also the reverse: every raised error is in the row."""
    raised = set(re.findall(r"'(SH\d{3})'", source(db, f"api.{row.function}")))
    assert row.all_errors == raised
    # Each stated once: what authentication raises follows from `who`.
    assert len(row.errors) + len(row.who.errors) == len(row.all_errors)


@pytest.mark.parametrize("row", ENDPOINTS, ids=lambda row: f"{row.method} {row.path}")
def test_every_error_of_a_row_is_in_the_comment(db: Db, row: Endpoint) -> None:
    comment = functions(db)[row.function].comment
    assert set(re.findall(r"SH\d{3}", comment)) == row.all_errors


def source(db: Db, name: str) -> str:
    """The definitions of a function, of all functions that it calls, and of triggers that its comment names."""
    seen: dict[str, str] = {}
    waiting = [name]
    while waiting:
        one = waiting.pop()
        if one in seen:
            continue
        rows = db.execute(
            """select pg_get_functiondef(p.oid), coalesce(obj_description(p.oid, 'pg_proc'), '')
               from pg_proc p join pg_namespace n on n.oid = p.pronamespace
               where n.nspname || '.' || p.proname = %s and p.prokind = 'f'""",
            [one],
        ).fetchall()
        seen[one] = "\n".join(text for text, _ in rows)
        waiting += CALLED.findall(seen[one])
        schema = one.partition(".")[0]
        waiting += [f"{schema}.{trigger}" for _, comment in rows for trigger in TRIGGER.findall(comment)]
    return "\n".join(seen.values())


class Shape(Input):
    """An input for tests."""

    token: str
    extra: int | None = None


def row(**columns: Any) -> Endpoint:
    given: dict[str, Any] = {
        "method": "POST", "path": "/x/{token}", "function": "x", "input": Shape, "output": Output,
    }  # fmt: skip
    return Endpoint(**(given | columns))


def function(*arguments: str) -> dict[str, ApiFunction]:
    """api.x with these arguments; a ? after a name means optional."""
    listed = [Argument(name=name.rstrip("?"), type="text", optional=name.endswith("?")) for name in arguments]
    return {"x": ApiFunction(name="x", arguments=listed, result="jsonb", comment="")}


@pytest.mark.parametrize(
    ("known", "complaint"),
    [
        ({}, "POST /x/{token} needs the function api.x, which the database does not have"),
        (function("p_token"), "POST /x/{token}: api.x has no argument p_extra"),
        (function("p_token", "p_extra", "p_more"), "POST /x/{token}: api.x needs p_more, which the row does not give"),
        (function("p_token", "p_extra", "p_more?"), "POST /x/{token}: api.x takes p_more, which the row does not give"),
        (function("p_Token", "p_extra"), "POST /x/{token}: api.x has no argument p_token"),
    ],
)
def test_a_row_that_the_database_cannot_serve_is_named(known: dict[str, ApiFunction], complaint: str) -> None:
    with pytest.raises(Fault, match=re.escape(complaint)):
        build_call(row(), Intake(row()).arguments, known)


def test_the_call_is_built_by_name_with_the_types_of_the_catalogue() -> None:
    reading = row(method="GET")
    call = build_call(reading, Intake(reading).arguments, function("p_extra?", "p_token"))
    assert call.statement == b"select api.x(p_token => %s::text, p_extra => %s::text)::text"
    assert call.values(Shape(token="t", extra=3)) == ("t", 3)


@pytest.mark.parametrize(
    "guarded",
    [
        # Idempotency-Keys are for people.
        row(who=Who.PROGRAM),
        row(rate_limit_per="actor"),
        # A program token is verified by the call itself, so every guessed token would get its own allowance.
        row(who=Who.PROGRAM, idempotent=True, rate_limit_per="actor"),
    ],
)
def test_a_row_whose_guard_is_not_enforced_is_refused(guarded: Endpoint) -> None:
    with pytest.raises(Fault, match="not enforced"):
        EndpointHandler.create(guarded, function("p_token", "p_extra"), None, None)  # type: ignore[arg-type]


def test_the_caller_is_never_a_field() -> None:
    class Forged(Input):
        actor: str

    with pytest.raises(Fault, match="the token identifies the caller"):
        build_call(row(who=Who.CUSTOMER, input=Forged), ("actor",), function("p_actor"))
    with pytest.raises(Fault, match="the token identifies the caller"):
        build_call(row(who=Who.PROGRAM), ("token_hash",), function("p_token_hash"))


def test_the_edge_adds_the_caller_and_the_trace() -> None:
    call = build_call(row(who=Who.CUSTOMER), ("token",), function("p_token", "p_actor"))
    assert call.statement.endswith(b" from pg_catalog.set_config('shokti.traceparent', %s, true)")
    given = call.values(Shape(token="t"), {"actor": "someone", "traceparent": "00-…", "more": 1})
    assert given == ("t", "someone", "00-…")


def test_the_committed_contract_is_fresh(db: Db) -> None:
    assert CONTRACT_FILE.read_bytes() == contract.encode(contract.openapi_document(functions(db))), "run `make openapi`"


def test_the_contract_is_valid_openapi() -> None:
    OpenAPIV31SpecValidator(json.loads(CONTRACT_FILE.read_bytes())).validate()


def test_the_contract_is_served(app: httpx2.Client) -> None:
    answer = app.get("/openapi.json")
    assert answer.content == CONTRACT_FILE.read_bytes()
    assert app.get("/openapi.json", headers={"if-none-match": answer.headers["etag"]}).status_code == 304


def test_the_contract_describes_every_path() -> None:
    paths = json.loads(CONTRACT_FILE.read_bytes())["paths"]
    assert {(row.method.lower(), row.path) for row in ENDPOINTS} <= {(m, p) for p, ms in paths.items() for m in ms}
    for methods in paths.values():
        for operation in methods.values():
            assert operation["summary"]
            assert operation["description"]


def referred(schema: Any) -> set[str]:
    """Names of the components that a part of the contract refers to."""
    if isinstance(schema, list):
        return set().union(*map(referred, schema))
    if not isinstance(schema, dict):
        return set()
    own = {schema["$ref"].rpartition("/")[2]} if "$ref" in schema else set()
    return own.union(*map(referred, schema.values()))


def test_components_are_named_and_open_only_in_answers() -> None:
    document = json.loads(CONTRACT_FILE.read_bytes())
    schemas = document["components"]["schemas"]
    assert [name for name in schemas if "__" in name] == []
    operations = [one for methods in document["paths"].values() for one in methods.values()]
    bodies, answers = (
        set().union(*(referred(one.get(part, {})) for one in operations)) for part in ("requestBody", "responses")
    )
    assert {row.input.__name__ for row in ENDPOINTS if row.function in BODIES} <= bodies
    for names, closed in ((bodies, True), (answers, False)):
        while more := set().union(*(referred(schemas[name]) for name in names)) - names:
            names |= more
        for name in names:
            if "properties" in schemas[name]:
                assert ("additionalProperties" in schemas[name]) is closed, name


def test_every_path_has_the_tag_of_its_room() -> None:
    document = json.loads(CONTRACT_FILE.read_bytes())
    described = {tag["name"] for tag in document["tags"] if tag["description"]}
    used = [one["tags"] for methods in document["paths"].values() for one in methods.values()]
    assert all(len(tags) == 1 for tags in used)
    assert {tag for tags in used for tag in tags} == described
    assert document["paths"]["/me/sessions"]["get"]["tags"] == ["sign-in"]


@pytest.mark.parametrize("function", BODIES)
def test_examples_are_valid(function: str) -> None:
    (found,) = [one for one in ENDPOINTS if one.function == function]
    intake = Intake(found)
    body = BODIES[function]
    assert body.keys() <= intake.named
    elsewhere = dict.fromkeys(intake.path, "01a21398-ff16-7df5-8028-b142a7ebeac3") | dict.fromkeys(intake.headers)
    assert found.input.model_validate_json(json.dumps({**body, **elsewhere}))


def test_the_contract_names_the_role_of_a_token() -> None:
    paths = json.loads(CONTRACT_FILE.read_bytes())["paths"]
    for one in ENDPOINTS:
        if one.who in (Who.CUSTOMER, Who.WORKER, Who.ADMIN, Who.SIGNED_IN):
            roles = [] if one.who is Who.SIGNED_IN else [one.who.value]
            assert paths[one.path][one.method.lower()]["security"] == [{"bearer": roles}]


def test_services_answer_conforms_to_its_model(app: httpx2.Client, db: Db) -> None:
    service = marketplace.service(db)
    add_on = marketplace.add_on(db, service)
    marketplace.service(db, active=False, code="withdrawn")
    found = Services.model_validate_json(app.get("/services").content)
    listed = {one.service_id: [each.add_on_id for each in one.add_ons] for one in found.items}
    assert listed[service] == [add_on]
    assert "withdrawn" not in {one.code for one in found.items}
