"""What-if over HTTP: a quiet period removed or replaced."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest
from psycopg import Connection

from app.endpoints.what_if import WhatIfQuietResult
from tests.app.people import bearer
from tests.conftest import Clock
from tests.marketplace import person
from tests.outbox import DAY, NOW, message, reader, set_rule, value
from tests.what_if.replays import run_until_idle

Db = Connection[Any]


@pytest.fixture
def admin(db: Db) -> dict[str, str]:
    return bearer(db, person(db, role="admin", email=None))


@pytest.fixture
def _night(db: Db, clock: Clock) -> None:
    """A message deferred from 23:30 until 8:00."""
    set_rule(db, "quiet.spread", 0)
    message(db, reader(db), due=NOW - 2.4375 * DAY)
    run_until_idle(db, NOW)


@pytest.mark.usefixtures("_night")
def test_a_quiet_period_is_removed_or_replaced(app: httpx2.Client, db: Db, admin: dict[str, str]) -> None:
    night = str(value(db, "select quiet_period_id from policy.quiet_period where name = 'night'"))
    since = {"since": (NOW - 2.5 * DAY).isoformat()}
    before = value(db, "select jsonb_agg(q order by q.quiet_period_id) from policy.quiet_period q")
    without = app.post("/admin/calendar/what-if", headers=admin, json=since | {"instead_of": night})
    assert without.status_code == 200, without.text
    found = WhatIfQuietResult.model_validate_json(without.content)
    assert (found.quiet_period, str(found.instead_of)) == (None, night)
    assert found.limits
    assert found.total is not None
    assert (found.total.earlier, found.total.later) == (1, 0)
    tried = {"instead_of": night, "quiet_period": {"until_time": "09:00"}}
    longer = app.post("/admin/calendar/what-if", headers=admin, json=since | tried)
    other = WhatIfQuietResult.model_validate_json(longer.content)
    assert other.total is not None
    assert (other.total.earlier, other.total.later) == (0, 1)
    assert value(db, "select jsonb_agg(q order by q.quiet_period_id) from policy.quiet_period q") == before


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "quiet_period"),
        ({"instead_of": "018f0000-0000-7000-8000-000000000000"}, "instead_of"),
        ({"instead_of": "night"}, "instead_of"),
    ],
)
def test_an_unknown_quiet_period_is_refused(app: httpx2.Client, admin: dict[str, str], body: Any, field: str) -> None:
    answer = app.post("/admin/calendar/what-if", headers=admin, json=body)
    assert answer.status_code == 422, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [field]
