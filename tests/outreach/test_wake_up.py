"""Wake-ups: jobs that claim the messages of a channel when they are due."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from psycopg import Connection

from tests.marketplace import at
from tests.outbox import HOUR, rows, value


def test_a_hundred_messages_of_a_minute_share_a_wake_up(db: Connection[Any]) -> None:
    def wake(ats: list[Any]) -> int | None:
        made: int | None = value(db, "select outreach.enqueue_wake_ups('email', %s::timestamptz[])", ats)
        return made

    minute = at("2026-11-23T10:00:00")
    assert wake([minute + n * timedelta(milliseconds=1) for n in range(100)]) == 1
    assert wake([minute + timedelta(seconds=59, microseconds=999999)]) == 0, "that minute has a wake-up"
    assert wake([minute + timedelta(seconds=60)]) == 1
    assert wake([minute + HOUR] * 101) == 2
    assert wake([minute + HOUR] * 250) == 1, "two of the three wake-ups exist"
    assert not wake([])
    found = rows(db, "select execute_after, count(*) as n from queue.pgqueuer group by 1 order by 1")
    assert [(f["execute_after"] - minute, f["n"]) for f in found] == [
        (timedelta(minutes=1), 1), (timedelta(minutes=2), 1), (timedelta(minutes=61), 3),
    ]  # fmt: skip


def test_a_message_due_at_infinity_has_no_wake_up(db: Connection[Any]) -> None:
    assert not value(db, "select outreach.enqueue_wake_ups('email', array['infinity'::timestamptz])")
