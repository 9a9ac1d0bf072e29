"""A provider away for hours: what is stale by then expires, the rest goes, nobody gets anything twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from psycopg import Connection

from tests.marketplace import at
from tests.outbox import HOUR, claim, message, only_cap, reader, record_outcome, rows, state, value

MINUTE = timedelta(minutes=1)
#: Monday, early enough that four hours later is still within the day.
MORNING = at("2026-11-23T09:00:00")


@pytest.mark.parametrize("breaker", [True, False], ids=["the breaker holds them back", "each is tried again and again"])
def test_scenario_12_after_four_hours_stale_reminders_expire_and_the_rest_go(
    db: Connection[Any], breaker: bool
) -> None:
    only_cap(db, 5, 168)
    back = MORNING + 4 * HOUR
    waiting: dict[UUID, Any] = {}
    for minutes in (1, 30, 120, 239, 240, 241, 300, 600, 1440):
        until = MORNING + minutes * MINUTE
        waiting[message(db, reader(db), due=MORNING, useful_until=until)] = until

    tries = 0
    now = MORNING
    while now < back:
        # An open breaker claims nothing; without one, each claim meets the same refusal.
        if now == MORNING or not breaker:
            for one in claim(db, now)["messages"]:
                record_outcome(db, one["message_id"], "later", now, attempt=one["attempt"], error="connection refused")
                tries += 1
        value(db, "select outreach.sweep_stuck_messages(%s)", now)
        now += MINUTE
    assert tries >= len(waiting)
    # Those tried again and again wait ever longer; the last wait may reach beyond the provider's return.
    went: dict[str, int] = {}
    while now <= back + 5 * HOUR:
        value(db, "select outreach.sweep_stuck_messages(%s)", now)
        for one in claim(db, now)["messages"]:
            went[one["message_id"]] = went.get(one["message_id"], 0) + 1
            record_outcome(db, one["message_id"], "accepted", now, attempt=one["attempt"])
        now += MINUTE

    assert set(went.values()) == {1}
    for message_id, until in waiting.items():
        end = state(db, message_id)
        if str(message_id) in went:
            assert end["state"] == "sent"
            sent_at = value(
                db, "select sent_at from outreach.delivery where message_id = %s and state = 'accepted'", message_id
            )
            assert back <= sent_at <= until
        else:
            assert (end["state"], end["reason"]) == ("expired", "too_late")
            # Nobody who could still have used it was left out, save by the wait that it had itself come to.
            assert until <= back + (MINUTE if breaker else 16 * MINUTE)
    # Refused sendings hold no place under a cap.
    held = rows(db, "select message_id from outreach.cap_slot s join outreach.delivery d using (message_id, attempt)"
                    " where d.state <> 'released'")  # fmt: skip
    assert {str(h["message_id"]) for h in held} == set(went)
