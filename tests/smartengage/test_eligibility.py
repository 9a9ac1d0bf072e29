"""Where everybody stands before a campaign: the first gate that stops them, by name, and a rule behind each."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from psycopg import Connection

from tests.candidates import profile, without_global_control
from tests.marketplace import at, booking, campaign, person, service
from tests.outbox import DAY, HOUR, MICRO, NOW, reader, rows, set_rule

#: What a campaign decides about everybody who has a prediction: of candidates, and of all others.
OUTCOMES = """smartengage.planning_values(%(campaign)s, %(at)s) v
cross join lateral (
  select user_id, service_id, outcome, reason, rule, rule_version
  from smartengage.plan_decisions(%(campaign)s, v, %(at)s, 'salt')
  union all
  select user_id, service_id, outcome, reason, rule, rule_version
  from smartengage.ineligible(v, %(at)s)
) o"""


def standing(db: Connection[Any], campaign_id: UUID, user: UUID) -> list[tuple[Any, Any]]:
    """Service and reason of each row of a person."""
    found = rows(
        db,
        "select service_id, reason from smartengage.eligibility(smartengage.planning_values(%s, %s), %s)"
        " where user_id = %s order by service_id",
        campaign_id,
        NOW,
        NOW,
        user,
    )
    return [(row["service_id"], row["reason"]) for row in found]


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({}, None),
        ({"visits": 1}, "too_little_history"),
        ({"segment": "inactive"}, "not_in_segment"),
        ({"expected_at": NOW - 2 * DAY}, "too_late"),
        ({"expected_at": NOW - 2 * DAY + HOUR}, None),
        ({"expected_at": NOW + 3 * DAY}, None),
        ({"expected_at": NOW + 3 * DAY + MICRO}, "not_due_yet"),
        ({"p14": 0.25}, None),
        ({"p14": 0.2499}, "unlikely"),
        # The first gate in their order is the one that is told.
        ({"visits": 1, "segment": "inactive", "p14": 0.1}, "too_little_history"),
        ({"segment": "inactive", "expected_at": NOW + 9 * DAY}, "not_in_segment"),
        ({"expected_at": NOW + 9 * DAY, "p14": 0.1}, "not_due_yet"),
    ],
)
def test_first_gate_is_told(db: Connection[Any], columns: dict[str, Any], reason: str | None) -> None:
    user, home = reader(db), service(db)
    profile(db, user, home, **columns)
    assert standing(db, campaign(db), user) == [(home, reason)]


@pytest.mark.parametrize(
    ("status", "reason"),
    [("pending", "open_booking"), ("confirmed", "open_booking"), ("completed", None), ("cancelled", None)],
)
def test_open_booking_of_the_service_stops(db: Connection[Any], status: str, reason: str | None) -> None:
    user, home, other = reader(db), service(db), service(db)
    profile(db, user, home)
    booking(db, user, other, scheduled_at=at("2026-11-27 10:00"), status="pending")
    booking(db, user, home, scheduled_at=at("2026-11-26 10:00"), status=status)
    assert standing(db, campaign(db), user) == [(home, reason)]


def test_service_not_offered_any_more_stops(db: Connection[Any]) -> None:
    user, home = reader(db), service(db)
    profile(db, user, home)
    db.execute("update market.service set active = false where service_id = %s", [home])
    assert standing(db, campaign(db), user) == [(home, "service_inactive")]


def test_customer_without_a_rhythm_has_a_row(db: Connection[Any]) -> None:
    user = person(db)
    db.execute(
        "insert into smartengage.customer_segment (user_id, as_of, visits, segment, segment_version)"
        " values (%s, %s, 1, 'new', 1)",
        [user, NOW],
    )
    assert standing(db, campaign(db), user) == [(None, "too_little_history")]


def test_everybody_gets_one_verdict_with_a_rule_in_force(db: Connection[Any]) -> None:
    homes = [service(db) for _ in range(3)]
    for number in range(60):
        user = reader(db)
        for home in homes[: number % 3 + 1]:
            profile(
                db,
                user,
                home,
                segment=("repeat", "inactive", "new", "repeat", "at_risk")[number % 5],
                visits=1 + number % 4,
                p14=number % 10 / 10,
                expected_at=NOW + (number % 7 - 2) * DAY + HOUR,
            )
    campaign_id = campaign(db)
    asked = {"campaign": campaign_id, "at": NOW}
    with db.cursor() as cursor:
        cursor.execute(
            f"select user_id, service_id, outcome, reason, rule, rule_version from {OUTCOMES}",
            asked,
        )
        told = cursor.fetchall()
        cursor.execute("select user_id, service_id from smartengage.predicted_booking")
        assert sorted(row[:2] for row in told) == sorted(cursor.fetchall())
        values = "smartengage.planning_values(%(campaign)s, %(at)s), %(at)s"
        cursor.execute(f"select user_id, service_id from smartengage.due_candidates({values})", asked)
        due = set(cursor.fetchall())
        cursor.execute(f"select user_id, service_id from smartengage.eligibility({values}) where reason is null", asked)
        assert set(cursor.fetchall()) == due
        assert due
    assert {row[:2] for row in told if row[2] != "no_candidate"} == due
    for _, _, outcome, reason, rule, version in told:
        stopped = outcome in ("refused", "no_candidate")
        assert [reason is not None, rule is not None, version == 1] == [stopped] * 3
    assert {row[3] for row in told} >= {"too_little_history", "not_in_segment", "not_due_yet", "unlikely"}


def test_version_told_is_that_of_the_instant(db: Connection[Any]) -> None:
    without_global_control(db)
    user, home = reader(db), service(db)
    profile(db, user, home, p14=0.3)
    campaign_id = campaign(db)
    set_rule(db, "reminder.min_p14", 0.4)
    found = rows(
        db,
        "select reason, rule, rule_version from smartengage.ineligible(smartengage.planning_values(%s, %s), %s)",
        campaign_id,
        NOW,
        NOW,
    )
    assert found == [{"reason": "unlikely", "rule": "reminder.min_p14", "rule_version": 2}]


def test_every_reason_has_a_rule(db: Connection[Any]) -> None:
    """Whatever gate is added to the function has to name its rule, and that rule has to be in force."""
    found = rows(
        db,
        r"""
        select m[1] as reason, v.rule
        from regexp_matches(pg_get_functiondef('smartengage.eligibility'::regproc), 'then ''(\w+)''', 'gi') as m
        left join policy.refusal_reason g on g.reason = m[1]
        left join policy.rule v on v.rule = g.rule and v.valid_at @> %s::timestamptz
        """,
        NOW,
    )
    assert len(found) == 7
    assert not [row["reason"] for row in found if row["rule"] is None]
