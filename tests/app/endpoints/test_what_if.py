"""What-if over HTTP: admins replay history with another value; nothing is changed."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest
from psycopg import Connection
from psycopg.rows import tuple_row

from app.endpoints.what_if import WhatIfQuietResult, WhatIfResult
from tests.app.people import bearer
from tests.conftest import Clock
from tests.marketplace import person
from tests.outbox import DAY, HOUR, NOW, no_quiet_periods, reader, sent, set_rule, value

Db = Connection[Any]
DAILY = "/admin/policy/outreach_daily/what-if"


@pytest.fixture
def admin(db: Db) -> dict[str, str]:
    return bearer(db, person(db, role="admin", email=None))


@pytest.fixture
def _history(db: Db, clock: Clock) -> None:
    no_quiet_periods(db)
    user = reader(db)
    sent(db, user, NOW - 3 * DAY)
    sent(db, user, NOW - 3 * DAY + 25 * HOUR, useful_until=NOW - 3 * DAY + 26 * HOUR)


@pytest.mark.usefixtures("_history")
def test_a_value_is_tried_and_nothing_changes(app: httpx2.Client, db: Db, admin: dict[str, str]) -> None:
    before = value(db, "select jsonb_agg(c order by c.cap, c.version) from policy.cap c")
    answer = app.post(DAILY, headers=admin, json={"value": {"max_messages": 1, "window_hours": 27}})
    assert answer.status_code == 200, answer.text
    found = WhatIfResult.model_validate_json(answer.content)
    assert found.until - found.since == 365 * DAY
    assert found.versions == [1]
    assert found.total is not None
    # Every test of this module sends two messages to a person, the second an hour too early for this cap.
    assert found.total.sent == 2 * found.total.unchanged == 2 * found.total.would_be_sent > 0
    assert found.total.no_longer == {"outreach_daily": found.total.unchanged}
    assert [(s.segment, s.sent) for s in found.segments] == [("none", found.total.sent)]
    assert value(db, "select jsonb_agg(c order by c.cap, c.version) from policy.cap c") == before


@pytest.mark.usefixtures("_history")
def test_the_value_in_force_changes_nothing(app: httpx2.Client, admin: dict[str, str]) -> None:
    answer = app.post(DAILY, headers=admin, json={"value": {"max_messages": 1, "window_hours": 24}})
    total = WhatIfResult.model_validate_json(answer.content).total
    assert total is not None
    assert total.sent == total.unchanged == total.would_be_sent > 0
    assert (total.no_longer, total.newly) == ({}, 0)


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize(
    ("rule", "body", "status", "field"),
    [
        ("outreach_daily", {"value": {"max_messages": -1, "window_hours": 24}}, 422, "value"),
        ("outreach_daily", {"value": {"max_messages": 1, "window_hours": 0}}, 422, "value"),
        ("outreach_daily", {"value": None}, 422, "value"),
        ("outreach_daily", {}, 422, "value"),
        ("reminder.lead", {"value": 2}, 422, "rule"),
        ("look_ahead", {"value": 2}, 422, "rule"),
        ("no_such_rule", {"value": 2}, 404, None),
        ("outreach_daily", {"value": {"max_messages": 1}, "until": "2027-01-01T00:00:00Z"}, 422, "since"),
        ("outreach_daily", {"value": {"max_messages": 1}, "since": "2020-01-01T00:00:00Z"}, 422, "since"),
    ],
)
def test_an_invalid_value_is_refused_with_the_field(
    app: httpx2.Client, admin: dict[str, str], rule: str, body: Any, status: int, field: str | None
) -> None:
    answer = app.post(f"/admin/policy/{rule}/what-if", headers=admin, json=body)
    assert answer.status_code == status, answer.text
    if field:
        assert [error["field"] for error in answer.json()["errors"]] == [field]


@pytest.mark.usefixtures("_history")
def test_a_quiet_period_is_tried_and_none_is_added(app: httpx2.Client, db: Db, admin: dict[str, str]) -> None:
    # Deferred to exactly 10:30: with a spread it could collide with the message of the next day.
    set_rule(db, "quiet.spread", 0)
    before = value(db, "select count(*) from policy.quiet_period")
    tried = {"from_time": "09:00", "until_time": "10:30"}
    answer = app.post("/admin/calendar/what-if", headers=admin, json={"quiet_period": tried})
    assert answer.status_code == 200, answer.text
    found = WhatIfQuietResult.model_validate_json(answer.content)
    assert {k: v for k, v in found.quiet_period.items() if v is not None} == tried
    assert found.total is not None
    # Sent at ten, useful for two days, and at eleven the day after.
    assert found.total.sent == 2 * found.total.later == 2 * found.total.unchanged > 0
    assert value(db, "select count(*) from policy.quiet_period") == before


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize(
    ("tried", "field"),
    [
        ({}, "quiet_period.until"),
        ({"from_time": "21:00"}, "quiet_period.until_time"),
        ({"from_time": "21:00", "until_time": "20:00"}, "quiet_period.until"),
        ({"from_time": "9 pm", "until_time": "20:00"}, "quiet_period.from_time"),
        ({"from_time": "21:00", "until_time": "08:00", "purpose": "transactional"}, "quiet_period.purpose"),
        (None, "quiet_period"),
        ([], "quiet_period"),
    ],
)
def test_an_invalid_quiet_period_is_refused_with_the_field(
    app: httpx2.Client, admin: dict[str, str], tried: Any, field: str
) -> None:
    answer = app.post("/admin/calendar/what-if", headers=admin, json={"quiet_period": tried})
    assert answer.status_code == 422, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_it_is_for_admins(app: httpx2.Client, db: Db) -> None:
    body = {"value": {"max_messages": 1, "window_hours": 24}}
    assert app.post(DAILY, json=body).status_code == 401
    assert app.post(DAILY, headers=bearer(db, person(db)), json=body).status_code == 403
    quiet = {"quiet_period": {"from_time": "21:00", "until_time": "09:00"}}
    assert app.post("/admin/calendar/what-if", headers=bearer(db, person(db)), json=quiet).status_code == 403


@pytest.mark.usefixtures("clock")
def test_one_at_a_time(app: httpx2.Client, db: Db, admin: dict[str, str]) -> None:
    body = {"value": {"max_messages": 1, "window_hours": 24}}
    with db.transaction(), db.cursor(row_factory=tuple_row) as other:
        other.execute("select pg_advisory_xact_lock(hashtextextended('what_if.comparison', 0))")
        assert app.post(DAILY, headers=admin, json=body).status_code == 409
    assert app.post(DAILY, headers=admin, json=body).status_code == 200
