"""People with predictions, and what a planning decided about them: what tests of planning start from."""

from __future__ import annotations

import random
from datetime import datetime, time
from typing import Any
from uuid import UUID

from psycopg import Connection

from tests.marketplace import consent, person
from tests.outbox import DAY, HOUR, MICRO, NOW, rows, sent_by_hand, set_rule, value


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


def without_global_control(db: Connection[Any]) -> None:
    set_rule(db, "holdout.global_share", 0)


def bucket_of(db: Connection[Any], user: UUID, salt: str) -> float:
    share: float = value(db, "select stats.bucket(%s, %s)", user, salt)
    return share


def random_reader(db: Connection[Any], dice: random.Random, moment: datetime) -> UUID:
    """Somebody with some obstacles: no consent, no address, used caps, own quiet hours."""
    quiet: dict[str, Any] = dice.choice([{}, {}, {}, {"quiet_from": time(9), "quiet_until": time(12)}])
    user = person(
        db,
        email=dice.random() < 0.8,
        time_zone=dice.choice([None, None, None, "Europe/London", "Not/AZone"]),
        disabled_at=dice.choice([None] * 9 + [moment, moment + MICRO]),
        erased_at=moment - DAY if dice.random() < 0.05 else None,
        **quiet,
    )
    agreed = dice.choice(["never", "withdrawn", "again", *["yes"] * 8])
    if agreed in ("withdrawn", "again"):
        consent(db, user, since=moment - 60 * DAY, until=moment - 20 * DAY)
    if agreed in ("yes", "again"):
        consent(db, user, since=moment - 15 * DAY)
        for hours in dice.choice([[], [], [200], [30], [23], [24], [100, 30], [168, 30], [167, 24]]):
            sent_by_hand(db, user, moment - hours * HOUR, message_class=dice.choice(["reminder", "announcement"]))
    if dice.random() < 0.2:
        db.execute(
            "update account.contact set suppressed_at = %s, suppressed_reason = 'hard' where user_id = %s",
            [moment - DAY, user],
        )
    return user


def random_profile(db: Connection[Any], user: UUID, home: UUID, dice: random.Random) -> None:
    """A prediction at or near the thresholds of a candidate."""
    chance = dice.choice([0.9, 0.6, 0.5, 0.5, 0.25, 0.249])
    visits = dice.choice([1, 2, 5, 5, 9, 9])
    segment = dice.choice(["new", "repeat", "repeat", "repeat", "at_risk", "inactive"])
    ahead = [*[2 * DAY] * 5, 3 * DAY, 3 * DAY + MICRO, 4 * DAY, -2 * DAY, -2 * DAY + MICRO, 0 * DAY]
    profile(db, user, home, segment=segment, visits=visits, p14=chance, expected_at=NOW + dice.choice(ahead))
