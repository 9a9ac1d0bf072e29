"""What-if: the unchanged policy gives history back; another one gives what a table of cases says."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import Connection
from psycopg.types.json import Jsonb

from tests.marketplace import campaign, service
from tests.rules.outbox import (
    DAY,
    HOUR,
    MICRO,
    NOW,
    claim,
    message,
    reader,
    rows,
    sent,
    set_cap,
    state,
    tell,
    value,
)

FROM, UNTIL = NOW - DAY, NOW + 60 * DAY


def replay(db: Connection[Any], changes: dict[str, Any], until: Any = UNTIL) -> list[dict[str, Any]]:
    return rows(
        db,
        "select message_id, change, before_at, after_at, reason, was_capped, bookings"
        " from smartengage.replay_changes(%s, %s, %s, %s) order by before_at, after_at",
        FROM, until, Jsonb(changes), UNTIL,
    )  # fmt: skip


@pytest.fixture(autouse=True)
def always_day(db: Connection[Any]) -> None:
    db.execute("delete from policy.quiet_period")


def test_nothing_differs_under_the_unchanged_policy(db: Connection[Any]) -> None:
    user = reader(db)
    sent(db, user, NOW)
    late = message(db, user, due=NOW + HOUR)
    claim(db, NOW + HOUR)
    assert state(db, late)["due_at"] == NOW + DAY
    claim(db, NOW + DAY + MICRO)
    tell(db, late, "accepted", NOW + DAY + HOUR)
    assert replay(db, {}) == []
    assert [(c["change"], c["after_at"]) for c in replay(db, {"outreach_daily": {"max_messages": None}})] == [
        ("earlier", NOW + HOUR)
    ]
