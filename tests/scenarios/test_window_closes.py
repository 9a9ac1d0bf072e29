"""Scenario 32: the window closes with half unsent. The rest is decided anew the next day; what is stale expires."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any
from uuid import UUID

import pytest
from psycopg import Connection

from tests.marketplace import at, booking, campaign, contact, rhythm, service
from tests.outbox import DAY, HOUR, NOW, claim, message, reader, rows, set_cap, set_rule, state, value, withdraw

EVENING = at("2026-11-23T20:29:00")
CLOSED = at("2026-11-23T20:30:00")
MORNING = at("2026-11-24T09:00:00")


def waiting(db: Connection[Any], home: UUID, number: int, **columns: Any) -> dict[UUID, UUID]:
    """Message by reader, all due this evening."""
    users = [reader(db) for _ in range(number)]
    return {
        message(
            db, user, due=EVENING, service_id=home, planned_at=NOW, window_from=time(9), window_until=time(20, 30),
            **({"useful_until": EVENING + 2 * DAY} | columns),
        ): user
        for user in users
    }  # fmt: skip


def test_scenario_32_the_rest_is_decided_anew_and_what_is_stale_expires(db: Connection[Any]) -> None:
    home = service(db)
    lasting = waiting(db, home, 12)
    stale = waiting(db, home, 4, useful_until=MORNING - timedelta(minutes=1))
    # The batch that the last minute had time for.
    first = claim(db, EVENING, limit=6)
    assert first["claimed"] == 6
    gone = {UUID(m["message_id"]) for m in first["messages"]}
    rest = claim(db, CLOSED)
    left = [m for m in lasting if m not in gone]
    assert (rest["claimed"], rest["expired"], rest["deferred"]) == (0, len(set(stale) - gone), len(left))
    # Each at a place of its own within the first hour (rule quiet.spread), not all as the window opens.
    due = {state(db, m)["due_at"] for m in left}
    assert (len(due), min(due) >= MORNING, max(due) < MORNING + HOUR) == (len(left), True, True)
    assert {(state(db, m)["state"], state(db, m)["reason"]) for m in set(stale) - gone} == {("expired", "quiet")}
    # They are woken for the morning, not before.
    assert claim(db, MORNING - timedelta(microseconds=1))["claimed"] == 0

    # Overnight one books, one opts out, one's address bounces, and all that is left is capped for one.
    booked, out, bounced, capped, *fine = left
    booking(db, lasting[booked], home, scheduled_at=MORNING + DAY, status="pending", created_at=CLOSED + HOUR)
    withdraw(db, lasting[out], CLOSED + HOUR)
    db.execute(
        "update account.contact set suppressed_at = %s, suppressed_reason = 'complaint' where user_id = %s",
        [CLOSED + HOUR, lasting[bounced]],
    )
    set_cap(db, "outreach_weekly", 1, 168, since=CLOSED)
    contact(db, lasting[capped], "sms", "+8801712345678")
    db.execute(
        "insert into account.consent (user_id, channel, purpose, valid_at, source, wording_version, actor)"
        " values (%s, 'sms', 'outreach', tstzrange(%s, null), 'app', '1', 'self')",
        [lasting[capped], NOW],
    )
    message(db, lasting[capped], channel="sms", due=MORNING)
    assert claim(db, MORNING, channel="sms")["claimed"] == 1
    next_day = claim(db, MORNING + HOUR)
    assert {UUID(m["message_id"]) for m in next_day["messages"]} == set(fine)
    assert {m: state(db, m)["reason"] for m in (booked, out, bounced, capped)} == {
        booked: "booked", out: "no_consent", bounced: "suppressed", capped: "capped",
    }  # fmt: skip


@pytest.mark.parametrize("night", [0, 3])
def test_scenario_32_a_whole_plan_over_several_evenings_loses_nobody(db: Connection[Any], night: int) -> None:
    """A channel so slow that a day takes only a few: every message ends, and the plan's identity holds."""
    home = service(db)
    for _ in range(12):
        rhythm(db, reader(db), home, last=NOW - 26 * DAY)
    set_rule(db, "holdout.global_share", 0)
    campaign_id = campaign(db, window_from=time(10), window_until=time(11))
    value(db, "select smartengage.refresh_snapshots(%s)", NOW)
    planned = value(db, "select smartengage.plan_reminder_run(%s, 'once', %s)", campaign_id, NOW)
    assert planned["messages"] == 12
    for day in range(8):
        # Two in the last minute of the window, and then it closes.
        claim(db, at("2026-11-23T10:59:00") + day * DAY, limit=2 if day >= night else 0)
        claim(db, at("2026-11-23T11:00:00") + day * DAY)
    ends = {r["state"]: r["n"] for r in rows(db, "select state, count(*) as n from outreach.message group by 1")}
    assert set(ends) == {"claimed", "expired"}
    # Expected on the 25th and useful for two days more: five evenings.
    assert ends["claimed"] == 2 * (5 - night)
    reasons = {r["reason"] for r in rows(db, "select reason from outreach.message where state = 'expired'")}
    assert reasons <= {"quiet", "too_late"}
    assert value(db, "select identity_holds from smartengage.run_reconciliation")
