"""The table of endpoints, the functions and the contract say the same."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from typing import Any

import httpx2
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from psycopg import Connection

from app.edge import calls, contract
from app.edge.application import CONTRACT_FILE, Served
from app.edge.calls import Argument, Function
from app.edge.intake import Intake
from app.endpoints.examples import BODIES
from app.endpoints.fields import Input, Output
from app.endpoints.link import Services
from app.endpoints.table import ENDPOINTS, OWN_FUNCTIONS, Endpoint, Rate, Who
from db import Fault
from tests import marketplace

Db = Connection[Any]

# Calls of our own functions below the edge, in the text of a function.
BELOW = "policy|edge|stats|account|market|text|outreach|prediction|smartengage|explain|what_if"
CALLED = re.compile(rf"\b((?:{BELOW})\.\w+)\(")


def functions(db: Db) -> dict[str, Function]:
    row = db.execute("select api.function_signatures()::text").fetchone()
    assert row is not None
    return {function.name: function for function in calls.Contract.model_validate_json(row[0]).functions}


def test_every_row_has_a_function_and_every_function_a_row(db: Db) -> None:
    assert sorted(functions(db)) == sorted({row.function for row in ENDPOINTS} | set(OWN_FUNCTIONS))


def test_methods_and_paths_and_functions_are_unique() -> None:
    assert len({(row.method, row.path) for row in ENDPOINTS}) == len(ENDPOINTS)
    assert len({row.function for row in ENDPOINTS}) == len(ENDPOINTS)


@pytest.mark.parametrize("row", ENDPOINTS, ids=lambda row: f"{row.method} {row.path}")
def test_every_error_of_a_row_is_raised_by_its_function(db: Db, row: Endpoint) -> None:
    """In its own source or in that of a function it calls; and what is raised there stands in the row."""
    raised = set(re.findall(r"'(SH\d{3})'", source(db, f"api.{row.function}")))
    assert set(row.errors) == raised


@pytest.mark.parametrize("row", ENDPOINTS, ids=lambda row: f"{row.method} {row.path}")
def test_every_error_of_a_row_is_told_in_the_comment(db: Db, row: Endpoint) -> None:
    comment = functions(db)[row.function].comment
    assert set(re.findall(r"SH\d{3}", comment)) == set(row.errors)


def source(db: Db, name: str) -> str:
    """The definition of a function and of all that it calls."""
    seen: dict[str, str] = {}
    waiting = [name]
    while waiting:
        one = waiting.pop()
        if one in seen:
            continue
        rows = db.execute(
            """select pg_get_functiondef(p.oid) from pg_proc p join pg_namespace n on n.oid = p.pronamespace
               where n.nspname || '.' || p.proname = %s and p.prokind = 'f'""",
            [one],
        ).fetchall()
        seen[one] = "\n".join(text for (text,) in rows)
        waiting += CALLED.findall(seen[one])
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


def function(*arguments: str) -> dict[str, Function]:
    """api.x with these arguments; a ? after a name means optional."""
    listed = [Argument(name=name.rstrip("?"), type="text", optional=name.endswith("?")) for name in arguments]
    return {"x": Function(name="x", arguments=listed, result="jsonb", comment="")}


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
def test_a_row_that_the_database_cannot_serve_is_named(known: dict[str, Function], complaint: str) -> None:
    with pytest.raises(Fault, match=re.escape(complaint)):
        calls.build(row(), Intake(row()).arguments, known)


def test_the_call_is_built_by_name_with_the_types_of_the_catalogue() -> None:
    reading = row(method="GET")
    call = calls.build(reading, Intake(reading).arguments, function("p_extra?", "p_token"))
    assert call.statement == b"select api.x(p_token => %s::text, p_extra => %s::text)::text"
    assert call.values(Shape(token="t", extra=3)) == ("t", 3)


@pytest.mark.parametrize(
    "guarded",
    [
        row(who=Who.SERVICE),  # may be repeated, but has no Idempotency-Key
        row(rate=Rate(5, 60, "actor")),
        # Whether a service's token is good is known only after its call: anybody could have a bucket for each guess.
        row(who=Who.SERVICE, idempotent=True, rate=Rate(5, 60, "actor")),
    ],
)
def test_a_guard_that_nobody_stands_at_is_not_left_open(guarded: Endpoint) -> None:
    with pytest.raises(Fault, match="not enforced"):
        Served.prepared(guarded, function("p_token", "p_extra"), None, None)  # type: ignore[arg-type]


def test_who_calls_is_never_a_field() -> None:
    class Forged(Input):
        actor: str

    with pytest.raises(Fault, match="who calls is told by the token"):
        calls.build(row(who=Who.CUSTOMER, input=Forged), ("actor",), function("p_actor"))
    with pytest.raises(Fault, match="who calls is told by the token"):
        calls.build(row(who=Who.SERVICE), ("token_hash",), function("p_token_hash"))


def test_the_edge_gives_who_calls_and_the_trace() -> None:
    call = calls.build(row(who=Who.CUSTOMER), ("token",), function("p_token", "p_actor"))
    assert call.statement.endswith(b" from pg_catalog.set_config('shokti.traceparent', %s, true)")
    given = call.values(Shape(token="t"), {"actor": "someone", "traceparent": "00-…", "more": 1})
    assert given == ("t", "someone", "00-…")


def test_the_committed_contract_is_fresh(db: Db) -> None:
    assert CONTRACT_FILE.read_bytes() == contract.encode(contract.document(functions(db))), "run `make openapi`"


def test_the_contract_is_valid_openapi() -> None:
    OpenAPIV31SpecValidator(json.loads(CONTRACT_FILE.read_bytes())).validate()


def test_the_contract_is_served(app: httpx2.Client) -> None:
    answer = app.get("/openapi.json")
    assert answer.content == CONTRACT_FILE.read_bytes()
    assert app.get("/openapi.json", headers={"if-none-match": answer.headers["etag"]}).status_code == 304


def test_the_contract_has_every_path_and_words_for_it() -> None:
    paths = json.loads(CONTRACT_FILE.read_bytes())["paths"]
    assert {(row.method.lower(), row.path) for row in ENDPOINTS} <= {(m, p) for p, ms in paths.items() for m in ms}
    for methods in paths.values():
        for operation in methods.values():
            assert operation["summary"]
            assert operation["description"]


@pytest.mark.parametrize("function", BODIES)
def test_examples_are_what_they_are_examples_of(function: str) -> None:
    (found,) = [one for one in ENDPOINTS if one.function == function]
    intake = Intake(found)
    body = BODIES[function]
    assert body.keys() <= intake.named
    elsewhere = dict.fromkeys(intake.path, "01a21398-ff16-7df5-8028-b142a7ebeac3") | dict.fromkeys(intake.headers)
    assert found.input.model_validate_json(json.dumps({**body, **elsewhere}))


def test_the_contract_tells_the_role_that_a_token_has_to_have() -> None:
    paths = json.loads(CONTRACT_FILE.read_bytes())["paths"]
    for one in ENDPOINTS:
        if one.who in (Who.CUSTOMER, Who.WORKER, Who.ADMIN, Who.SIGNED_IN):
            roles = [] if one.who is Who.SIGNED_IN else [one.who.value]
            assert paths[one.path][one.method.lower()]["security"] == [{"bearer": roles}]


def test_services_answer_as_their_model_says(app: httpx2.Client, db: Db) -> None:
    service = marketplace.service(db)
    add_on = marketplace.add_on(db, service)
    marketplace.service(db, active=False, code="withdrawn")
    found = Services.model_validate_json(app.get("/services").content)
    listed = {one.service_id: [each.add_on_id for each in one.add_ons] for one in found.items}
    assert listed[service] == [add_on]
    assert "withdrawn" not in {one.code for one in found.items}


def test_the_contract_can_be_read_as_a_page_without_anything_from_outside(app: httpx2.Client) -> None:
    answer = app.get("/docs")
    assert answer.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    for row in ENDPOINTS:
        assert f"<code>{row.path}</code>" in answer.text
        assert f'id="{row.function}"' in answer.text
    assert not re.search(r"(?:src|href)=[\"'](?:https?:)?//", answer.text)
    style = re.search(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    assert style
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"'sha256-{digest}'" in answer.headers["content-security-policy"]
