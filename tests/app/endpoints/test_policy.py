"""Policy over HTTP: who may read it, what there is, and that invalid values are refused with their field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from psycopg import Connection

from app.endpoints.policy import Policies
from tests import marketplace
from tests.app.admins import AdminClient, admin_client
from tests.app.people import bearer
from tests.app.problems import problem
from tests.app.serving import APP, Edge
from tests.conftest import Clock
from tests.outbox import rows, value

Db = Connection[Any]


@pytest.fixture
def one(edge: Edge, db: Db) -> Iterator[AdminClient]:
    with admin_client(edge, db) as admin:
        yield admin


PATHS = [
    ("GET", "/admin/policy"), ("GET", "/admin/policy/reminder.lead"), ("PUT", "/admin/policy/reminder.lead"),
    ("POST", "/admin/policy/reminder.lead/revert"), ("POST", "/admin/policy/reminder.lead/approve"),
    ("POST", "/admin/policy/reminder.lead/decline"), ("GET", "/admin/segments"), ("PUT", "/admin/segments"),
    ("GET", "/admin/calendar"), ("POST", "/admin/calendar"),
    ("POST", "/admin/calendar/0199a3c0-0000-7000-8000-000000000000/end"), ("GET", "/admin/audit"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path"), PATHS)
def test_only_admins(edge: Edge, db: Db, app: httpx2.Client, method: str, path: str) -> None:
    problem(app.request(method, path, json={}), 401)
    for role in ("customer", "worker"):
        with edge.client(**APP, **bearer(db, marketplace.person(db, role=role))) as client:
            problem(client.request(method, path, json={} if method != "GET" else None), 403)


def test_every_rule_and_cap_is_listed_and_can_be_read(one: AdminClient) -> None:
    listed = Policies.model_validate_json(one.client.get("/admin/policy").content).items
    assert {"outreach_daily", "reminder.lead", "proposal.keep"} <= {item.rule for item in listed}
    for item in listed:
        read, _ = one.read(item.rule)
        assert (read.value, read.version, read.meaning) == (item.value, item.version, item.meaning)
        assert read.versions[0].author == "default"
    problem(one.client.get("/admin/policy/no.such"), 404)


@pytest.mark.parametrize(
    ("rule", "body", "field"),
    [
        ("reminder.lead", {"value": -1, "reason": "x"}, "value"),
        ("reminder.lead", {"value": "3", "reason": "x"}, "value"),
        ("reminder.lead", {"value": [], "reason": "x"}, "value"),
        ("reminder.lead", {"value": None, "reason": "x"}, "value"),
        ("reminder.lead", {"reason": "x"}, "value"),
        ("reminder.lead", {"value": 3}, "reason"),
        ("reminder.lead", {"value": 3, "reason": " "}, "reason"),
        ("reminder.lead", {"value": 3, "reason": "x", "effective_from": "2020-01-01T00:00:00Z"}, "effective_from"),
        ("reminder.lead", {"value": 3, "reason": "x", "effective_from": "tomorrow"}, "effective_from"),
        ("reminder.lead", {"value": 3, "reason": "x", "author": "me"}, "author"),
        ("outreach_daily", {"value": {"max_messages": -1, "window_hours": 24}, "reason": "x"}, "value.max_messages"),
        ("outreach_daily", {"value": {"max_messages": 1, "window_hours": 0}, "reason": "x"}, "value.window_hours"),
        ("outreach_daily", {"value": {"window_hours": 24}, "reason": "x"}, "value.max_messages"),
        ("outreach_daily", {"value": 1e300, "reason": "x"}, "value"),
        ("consent", {"value": False, "reason": "x"}, "value"),
        ("rate.explain.calls", {"value": 0, "reason": "x"}, "value"),
        ("rate.explain.seconds", {"value": 86401, "reason": "x"}, "value"),
        ("no.such", {"value": 1, "reason": "x"}, "rule"),
    ],
)
def test_invalid_rules_name_the_field_and_change_nothing(
    db: Db, one: AdminClient, rule: str, body: dict[str, Any], field: str
) -> None:
    everything = "select * from policy.setting_version order by rule, version"
    before = rows(db, everything)
    headers = {"if-match": "*"} if rule != "no.such" else {}
    problem(one.client.put(f"/admin/policy/{rule}", json=body, headers=headers), 422, field)
    assert rows(db, everything) == before
    assert rows(db, "select * from policy.proposal") == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ([{"segment": "repeat", "min_visits": 5, "max_visits": 2}], "definitions"),
        ([{"segment": "repeat", "min_visits": -1}], "definitions.0.min_visits"),
        ([{"segment": "loyal"}], "definitions.0.segment"),
        ([{"segment": "repeat", "past": "gone"}], "definitions.0.past"),
        ([{"segment": "repeat", "silent_for_days": 0}], "definitions.0.silent_for_days"),
        ([], "definitions"),
    ],
)
def test_invalid_segments_name_the_field_and_change_nothing(db: Db, one: AdminClient, change: Any, field: str) -> None:
    before = rows(db, "select * from smartengage.segment_definition order by version, position")
    match = {"if-match": one.client.get("/admin/segments").headers["etag"]}
    problem(one.client.put("/admin/segments", json={"definitions": change, "reason": "x"}, headers=match), 422, field)
    assert rows(db, "select * from smartengage.segment_definition order by version, position") == before


FEAST = {"name": "feast", "reason": "x"}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (FEAST | {"since": "2026-12-02T00:00:00Z", "until": "2026-12-01T00:00:00Z"}, "until"),
        (FEAST | {"since": "2026-12-01T00:00:00Z", "until": "2026-12-01T00:00:00Z"}, "until"),
        (FEAST | {"since": "2026-11-01T00:00:00Z", "until": "2026-12-01T00:00:00Z"}, "since"),
        (FEAST | {"until": "2026-11-01T00:00:00Z"}, "until"),
        (FEAST, "until"),
        (FEAST | {"until": "2027-11-22T00:00:00Z"}, "until"),
        (FEAST | {"from_time": "09:00", "until_time": "09:00"}, "until_time"),
        (FEAST | {"from_time": "09:00"}, "until_time"),
        (FEAST | {"from_time": "00:01", "until_time": "00:00"}, "until"),
        (FEAST | {"from_time": "9:00", "until_time": "10:00"}, "from_time"),
        (FEAST | {"weekday": 8, "from_time": "09:00", "until_time": "10:00"}, "weekday"),
        (FEAST | {"purpose": "transactional", "until": "2026-12-01T00:00:00Z"}, "purpose"),
        (FEAST | {"name": " ", "until": "2026-12-01T00:00:00Z"}, "name"),
        ({"name": "feast", "until": "2026-12-01T00:00:00Z"}, "reason"),
    ],
)
def test_invalid_periods_name_the_field_and_change_nothing(
    db: Db, clock: Clock, one: AdminClient, body: dict[str, Any], field: str
) -> None:
    problem(one.post("/admin/calendar", body), 422, field)
    assert value(db, "select count(*) from policy.quiet_period where author <> 'default'") == 0


def test_a_changed_rate_limit_holds_from_the_next_call(clock: Clock, one: AdminClient) -> None:
    def ask() -> httpx2.Response:
        return one.client.get("/admin/explain", params={"user_id": one.user_id})

    assert ask().headers["ratelimit-policy"] == '"explain";q=600;w=600'
    for rule, number in (("calls", 2), ("seconds", 100)):
        assert one.put(f"rate.explain.{rule}", number).status_code == 200
    answers = [ask() for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert {answer.headers["ratelimit-policy"] for answer in answers} == {'"explain";q=2;w=100'}
    assert [answer.headers["ratelimit"] for answer in answers] == [
        '"explain";r=1;t=50', '"explain";r=0;t=100', '"explain";r=0;t=100',
    ]  # fmt: skip
    assert answers[-1].headers["retry-after"] == "50"
    clock.advance(seconds=10)
    # The time since the last call refills at the new rate: 10 calls in 10 seconds.
    assert one.put("rate.explain.calls", 100).status_code == 200
    assert ask().headers["ratelimit"] == '"explain";r=9;t=91'


@pytest.mark.parametrize(
    ("rule", "looser"),
    [("rate.verify_otp.calls", 121), ("rate.verify_otp.seconds", 599), ("sign_in.codes_within", 599)],
)
def test_a_looser_limit_of_sign_in_needs_a_second_admin(db: Db, one: AdminClient, rule: str, looser: int) -> None:
    read, _ = one.read(rule)
    assert isinstance(read.value, int)
    tighter = 2 * read.value - looser
    loosens = "select array[policy.change_loosens(%s, %s, clock.now()), policy.change_loosens(%s, %s, clock.now())]"
    assert value(db, loosens, rule, str(looser), rule, str(tighter)) == [True, False]
