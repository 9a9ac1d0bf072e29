"""Snapshots of predictions, segments and send hours: what a refresh stores."""

from __future__ import annotations

from typing import Any

from psycopg import Connection

from tests.marketplace import (
    booking,
    rhythm,
    service,
)
from tests.outbox import DAY, HOUR, MICRO, NOW, reader, rows, value


def everything_known(db: Connection[Any]) -> list[dict[str, Any]]:
    return [
        r
        for table in (
            "smartengage.predicted_booking",
            "smartengage.customer_segment",
            "outreach.hour_share",
            "smartengage.add_on_rate",
        )
        for r in rows(db, f"select to_jsonb(t) as row from {table} t order by t::text")
    ]


def test_a_refresh_is_idempotent_and_uses_nothing_later(db: Connection[Any]) -> None:
    users, home = [reader(db) for _ in range(6)], service(db)
    for number, user in enumerate(users):
        rhythm(db, user, home, last=NOW - (number * 5 + 1) * DAY, every=20 + number, times=5)
    value(db, "select smartengage.refresh_snapshots(%s)", NOW)
    first = everything_known(db)
    assert first
    value(db, "select smartengage.refresh_snapshots(%s)", NOW)
    assert everything_known(db) == first
    # After a refresh for another instant: the same again, whatever happened at or after the instant.
    value(db, "select smartengage.refresh_snapshots(%s)", NOW + 5 * DAY)
    assert everything_known(db) != first
    booking(db, users[0], home, scheduled_at=NOW - 2 * HOUR, completed_at=NOW, created_at=NOW)
    booking(db, users[1], home, scheduled_at=NOW + 3 * DAY, created_at=NOW + DAY)
    value(db, "select smartengage.refresh_snapshots(%s)", NOW)

    def without_add_ons(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [f for f in found if "rate" not in f["row"]]

    assert without_add_ons(everything_known(db)) == without_add_ons(first)


def test_a_prediction_without_visits_is_deleted(db: Connection[Any]) -> None:
    user, home = reader(db), service(db)
    made = rhythm(db, user, home, last=NOW - 10 * DAY, times=2)
    assert value(db, "select smartengage.refresh_snapshots(%s)", NOW) == 1
    db.execute("delete from market.booking where booking_id = %s", [made[0]])
    assert value(db, "select smartengage.refresh_snapshots(%s)", NOW + MICRO) == 0
    assert rows(db, "select 1 from smartengage.predicted_booking") == []
