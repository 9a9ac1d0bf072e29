"""People with predictions, and what a planning decided about them: what tests of planning start from."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection

from tests.outbox import DAY, NOW, rows, set_rule, value


def profile(db: Connection[Any], user: UUID, home: UUID, *, segment: str = "repeat", **columns: Any) -> None:
    """What smartengage.refresh_snapshots would have found out about a person, so that a test may stand on an edge."""
    found: dict[str, Any] = {
        "visits": 5,
        "last_visit_at": NOW - 26 * DAY,
        "p14": 0.6,
        "expected_at": NOW + 2 * DAY,
        "overdue_at": NOW + 20 * DAY,
        "lost_at": NOW + 90 * DAY,
    } | columns
    db.execute(
        "insert into smartengage.predicted_booking (user_id, service_id, as_of, visits, last_visit_at, p7, p14, p28, expected_at,"
        " due_from, due_until, overdue_at, lost_at) values (%(user)s, %(home)s, %(now)s, %(visits)s, %(last_visit_at)s,"
        " %(p14)s, %(p14)s, %(p14)s, %(expected_at)s, %(now)s, %(now)s, %(overdue_at)s, %(lost_at)s)",
        found | {"user": user, "home": home, "now": NOW},
    )
    db.execute(
        "insert into smartengage.customer_segment (user_id, as_of, visits, segment, segment_version)"
        " values (%s, %s, %s, %s, 1) on conflict do nothing",
        [user, NOW, found["visits"], segment],
    )


def plan(db: Connection[Any], campaign_id: UUID, key: str = "once", moment: datetime = NOW) -> dict[str, Any]:
    run: dict[str, Any] = value(db, "select smartengage.plan_reminder_run(%s, %s, %s)", campaign_id, key, moment)
    return run


def outcome(db: Connection[Any], user: UUID) -> dict[str, Any] | None:
    found = rows(
        db, "select outcome, reason, rule, rule_version, message_id from smartengage.candidate where user_id = %s", user
    )
    assert len(found) <= 1
    return found[0] if found else None


def no_control(db: Connection[Any]) -> None:
    set_rule(db, "holdout.global_share", 0)


def kept(db: Connection[Any], user: UUID, salt: str) -> float:
    share: float = value(db, "select stats.bucket(%s, %s)", user, salt)
    return share
