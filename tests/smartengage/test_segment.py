"""Both sides of each segment definition."""

from __future__ import annotations

from typing import Any

import pytest
from psycopg import Connection

from tests.candidates import profile
from tests.marketplace import (
    booking,
    person,
    service,
    visits,
)
from tests.outbox import DAY, HOUR, MICRO, NOW, row, rows


@pytest.mark.parametrize(
    ("days_ago", "past", "segment"),
    [
        ([], None, "new"),
        ([0], None, "new"),
        ([30 - 1e-6], None, "new"),
        ([30], None, "new"),
        ([59], None, "new"),
        ([60], None, "at_risk"),
        ([179], None, "at_risk"),
        ([180], None, "inactive"),
        ([29, 1], None, "new"),
        ([31, 1], None, "repeat"),
        ([100, 70], "overdue", "at_risk"),
        ([100, 70], "lost", "inactive"),
        ([100, 70], None, "repeat"),
        ([400, 180], None, "inactive"),
        ([400, 179], None, "repeat"),
        ([400, 180], "overdue", "inactive"),
        ([29, 28], "lost", "new"),
    ],
)
def test_both_sides_of_each_definition(
    db: Connection[Any], days_ago: list[float], past: str | None, segment: str
) -> None:
    user, home = person(db), service(db)
    for days in days_ago:
        # In days since the visit was completed.
        booking(db, user, home, scheduled_at=NOW - days * DAY - 2 * HOUR)
    if past:
        profile(db, user, home, overdue_at=NOW - MICRO, lost_at=NOW - MICRO if past == "lost" else NOW)
        db.execute("delete from smartengage.customer_segment")
    found = row(db, "select * from smartengage.classify_customers(%s)", NOW + (MICRO if 0 in days_ago else 0 * DAY))
    assert (found["user_id"], found["visits"], found["segment"]) == (user, len(days_ago), segment)


def test_overdue_means_for_every_predicted_service(db: Connection[Any]) -> None:
    user = person(db)
    one, two = service(db), service(db)
    for home in (one, two):
        visits(db, user, home, ["2026-06-01", "2026-07-01"])
    profile(db, user, one, overdue_at=NOW - DAY)
    profile(db, user, two, overdue_at=NOW + DAY)
    assert row(db, "select segment from smartengage.classify_customers(%s)", NOW) == {"segment": "repeat"}
    assert row(db, "select segment from smartengage.classify_customers(%s)", NOW + 2 * DAY) == {"segment": "at_risk"}


def test_a_changed_definition_applies_from_its_instant_on(db: Connection[Any]) -> None:
    user, home = person(db), service(db)
    visits(db, user, home, [NOW - 40 * DAY, NOW - 35 * DAY])
    db.execute("update smartengage.segment_definition set valid_at = tstzrange(null, %s) where position = 30", [NOW])
    db.execute(
        "insert into smartengage.segment_definition (segment, version, position, min_visits,"
        " silent_for_days, valid_at, author, reason)"
        " values ('inactive', 2, 30, 1, 30, tstzrange(%s, null), 'tester', 'a test')",
        [NOW],
    )
    before = row(db, "select segment, segment_version from smartengage.classify_customers(%s)", NOW - MICRO)
    after = row(db, "select segment, segment_version from smartengage.classify_customers(%s)", NOW)
    assert before == {"segment": "repeat", "segment_version": 1}
    assert after == {"segment": "inactive", "segment_version": 2}


def test_only_customers_have_segments(db: Connection[Any]) -> None:
    person(db, role="admin")
    person(db, role="worker")
    assert rows(db, "select * from smartengage.classify_customers(%s)", NOW) == []
