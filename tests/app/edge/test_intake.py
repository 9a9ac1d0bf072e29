"""Reading a request: every byte string becomes a valid input or a 4xx, for every endpoint."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import Field

from app.edge.intake import ClientGone, Intake
from app.edge.problems import Problem, Refusal
from app.endpoints.fields import Input, Instant, Output, UserAgent
from app.endpoints.row import Endpoint
from app.endpoints.table import ENDPOINTS


class Page(Input):
    """The query of a list."""

    limit: Annotated[int, Field(ge=1, le=200)] = 50
    since: Instant | None = None
    worker_id: UUID | None = None


class Change(Input):
    """The body of a change."""

    count: int
    notes: str | None = None
    agent: UserAgent = None


LIST = Intake(Endpoint("GET", "/things", "things", Page, Output))
CHANGE = Intake(Endpoint("PATCH", "/things", "change", Change, Output))


def read(intake: Intake, *, query: bytes = b"", body: bytes = b"", **headers: str) -> Any:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    scope = {
        "path_params": dict.fromkeys(intake.path, "t"),
        "raw_path": b"/l/t",
        "query_string": query,
        "headers": [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in headers.items()],
    }
    return asyncio.run(intake.read(scope, receive))


def refused(intake: Intake, **request: Any) -> Problem:
    with pytest.raises(Refusal) as caught:
        read(intake, **request)
    return caught.value.problem


def test_text_of_a_query_is_converted_to_the_type_of_the_field() -> None:
    given = read(LIST, query=b"limit=7&since=2026-11-24T04%3A00%3A00Z&worker_id=01a209fe-9fce-7bb2-9209-27454d2c23a3")
    assert (given.limit, given.since.hour, given.worker_id.version) == (7, 4, 7)


@pytest.mark.parametrize("query", [b"limit=0", b"limit=201", b"limit=x", b"limit=", b"limit=1&limit=2", b"limit=1e2"])
def test_an_invalid_query_names_the_field(query: bytes) -> None:
    problem = refused(LIST, query=query)
    assert (problem.status, [fault.field for fault in problem.errors]) == (422, ["limit"])


def test_a_body_is_not_coerced() -> None:
    assert read(CHANGE, body=b'{"count": 3}', content_type="application/json").count == 3
    for count in (b'"3"', b"3.0", b"true", b"null"):
        problem = refused(CHANGE, body=b'{"count": %s}' % count, content_type="application/json")
        assert [fault.field for fault in problem.errors] == ["count"]


def test_a_query_on_a_change_is_refused() -> None:
    problem = refused(CHANGE, query=b"count=3", body=b"{}", content_type="application/json")
    assert (problem.status, [fault.field for fault in problem.errors]) == (422, ["count"])


def test_header_fields_come_only_from_the_header_and_are_sanitized() -> None:
    request = {"body": b'{"count": 3}', "content_type": "application/json"}
    assert read(CHANGE, **request, user_agent="Phone\x07 1").agent == "Phone 1"  # type: ignore[arg-type]
    assert len(read(CHANGE, **request, user_agent="x" * 5000).agent) == 300  # type: ignore[arg-type]
    assert read(CHANGE, **request).agent is None  # type: ignore[arg-type]


def test_missing_fields_are_named() -> None:
    problem = refused(CHANGE, body=b"")
    assert [(fault.field, fault.detail) for fault in problem.errors] == [("count", "is required")]


def test_a_disconnected_caller_gets_no_answer() -> None:
    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    scope = {"query_string": b"", "headers": []}
    with pytest.raises(ClientGone):
        asyncio.run(CHANGE.read(scope, receive))


PIECES = [
    b"####", b"{", b"}", b'"a":', b"[", b"null", b"scheduled_at=2026-11-24T10:00", b"&add_on_ids=", b"&&", b"=", b"%FF", b"%00",
]  # fmt: skip
KINDS = ["application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b", ""]


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from([Intake(row) for row in ENDPOINTS if row.method == "POST"]),
    st.sampled_from(KINDS),
    st.lists(st.sampled_from(PIECES) | st.binary(max_size=12), max_size=14).map(b"".join),
)
def test_no_body_causes_an_exception(intake: Intake, kind: str, body: bytes) -> None:
    status = 200
    try:
        read(intake, body=body, content_type=kind)
    except Refusal as refusal:
        status = refusal.problem.status
    assert status in (200, 400, 415, 422)
