"""Deferred messages are spread after the start of the open window, and none is planned into its last minutes."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from hashlib import md5
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

import pytest
from psycopg import Connection

from tests.marketplace import at, booking, person, service
from tests.outbox import DAY, HOUR, MICRO, NOW, claim, message, reader, rows, set_rule, state, value

Db = Connection[Any]
MINUTE = timedelta(minutes=1)
NIGHT, MORNING, CLOSING = at("2026-11-23T22:00:00"), at("2026-11-24T09:00:00"), at("2026-11-24T20:30:00")
WINDOW: dict[str, Any] = {"window_from": time(9), "window_until": time(20, 30)}
#: Chosen, as the point of a message within the spread is a hash of its id: with random ids these tests would fail by chance.
IDS = [uuid5(NAMESPACE_OID, f"message {number}") for number in range(120)]


def deferred_until(
    db: Db, message_id: UUID, until: datetime | None, useful: datetime, spread: Any, margin: Any
) -> datetime:
    found: datetime = value(
        db, "select outreach.deferred_until(%s, tstzrange(%s, %s), %s, %s, %s)",
        message_id, MORNING, until, useful, spread, margin,
    )  # fmt: skip
    return found


def test_messages_deferred_overnight_are_spread(db: Db) -> None:
    made = [message(db, reader(db), message_id=one, due=NIGHT, useful_until=NIGHT + 2 * DAY, **WINDOW) for one in IDS]
    for _ in range(2):
        claim(db, NIGHT)
    due = {m: state(db, m)["due_at"] for m in made}
    assert all(MORNING <= d < MORNING + HOUR for d in due.values())
    # Each at the point of its hash, so evenly over the hour.
    points = {m: int(md5(str(m).encode()).hexdigest()[:13], 16) / 2**52 for m in made}
    assert all(abs(due[m] - (MORNING + HOUR * points[m])) <= MICRO for m in made)
    # There is a wake-up for each minute, and the denials record the same instants.
    kept = rows(db, "select message_id, until from outreach.claim_denial where reason = 'quiet'")
    assert {k["message_id"]: k["until"] for k in kept} == due
    woken = {
        r["execute_after"] for r in rows(db, "select execute_after from queue.pgqueuer where entrypoint = 'deliver'")
    }
    assert {d.replace(second=0, microsecond=0) + MINUTE for d in due.values()} == woken
    # The next night gives each the same point again.
    db.execute("update outreach.message set due_at = %s", [NIGHT + DAY])
    for _ in range(2):
        claim(db, NIGHT + DAY)
    assert {m: state(db, m)["due_at"] for m in made} == {m: d + DAY for m, d in due.items()}


def test_explain_gives_the_same_instant(db: Db) -> None:
    user = reader(db)
    message_id = message(db, user, due=NIGHT, **WINDOW)
    told = rows(db, "select gate, verdict, frees_at from explain.claim_verdicts(%s, %s)", user, NIGHT)
    claim(db, NIGHT)
    due = state(db, message_id)["due_at"]
    assert [(g["verdict"], g["frees_at"]) for g in told if g["gate"] == "quiet"] == [("defer", due)]
    assert due > MORNING


def test_spread_is_a_rule(db: Db) -> None:
    made = [message(db, reader(db), message_id=one, due=NIGHT, **WINDOW) for one in IDS[:40]]
    set_rule(db, "quiet.spread", 0)
    with db.transaction(force_rollback=True):
        claim(db, NIGHT)
        assert {state(db, m)["due_at"] for m in made} == {MORNING}
    set_rule(db, "quiet.spread", 240, NOW)
    claim(db, NIGHT)
    due = [state(db, m)["due_at"] for m in made]
    assert min(due) >= MORNING
    assert MORNING + 2 * HOUR < max(due) < MORNING + 4 * HOUR


@pytest.mark.parametrize(
    ("until", "useful", "spread", "end"),
    [
        (CLOSING, MORNING + DAY, HOUR, HOUR),
        # Not after useful_until, nor in the last minutes of the window, nor after it.
        (CLOSING, MORNING + 7 * MINUTE, HOUR, 7 * MINUTE),
        (MORNING + 30 * MINUTE, MORNING + DAY, HOUR, 20 * MINUTE),
        (MORNING + 12 * MINUTE, MORNING + DAY, HOUR, 6 * MINUTE),
        (CLOSING, MORNING + DAY, 0 * HOUR, 0 * HOUR),
        # A window without end.
        (None, MORNING + DAY, HOUR, HOUR),
        # No longer useful by then: it expires, with the instant at which it could be sent.
        (CLOSING, MORNING - MICRO, HOUR, 0 * HOUR),
    ],
)
def test_spread_stays_within_the_window_and_useful_until(
    db: Db, until: datetime | None, useful: datetime, spread: timedelta, end: timedelta
) -> None:
    found = [deferred_until(db, one, until, useful, spread, 10 * MINUTE) for one in IDS[:60]]
    assert all(MORNING <= f < MORNING + max(end, MICRO) for f in found)
    if end:
        assert max(found) > MORNING + 0.8 * end
        assert min(found) < MORNING + 0.2 * end


@pytest.mark.parametrize(("useful", "verdict"), [(0 * MICRO, "defer"), (-MICRO, "expire")])
def test_spread_expires_no_message(db: Db, useful: timedelta, verdict: str) -> None:
    message_id = message(db, reader(db), due=NIGHT, useful_until=MORNING + useful, **WINDOW)
    told = rows(db, "select verdict, until from outreach.claim_verdicts(array[%s], %s)", message_id, NIGHT)
    assert told == [{"verdict": verdict, "until": MORNING}]


def test_open_window_is_found_whole_however_late_it_begins(db: Db) -> None:
    """Quiet for nearly two days: the window after it still has its full length."""
    db.execute(
        "insert into policy.quiet_period (name, during, created_at, author, reason)"
        " values ('storm', tstzrange(%s, %s), %s, 'test', 'test')", [NOW, NOW + 48 * HOUR - MINUTE, NOW],
    )  # fmt: skip
    made = [message(db, reader(db), message_id=one, useful_until=NOW + 3 * DAY) for one in IDS[:30]]
    claim(db)
    due = [state(db, m)["due_at"] for m in made]
    assert max(due) > NOW + 48 * HOUR + 30 * MINUTE


# Planning before the last minutes --------------------------------------------------------------------------------------


def evening_people(db: Db, number: int) -> list[UUID]:
    """People who use the app only after eight in the evening."""
    home, users = service(db), [person(db, consents=["email"]) for _ in range(number)]
    for user in users:
        for weeks in range(1, 9):
            booking(
                db, user, home, scheduled_at=NOW - weeks * 7 * DAY,
                created_at=at("2026-11-22T20:10:00") - weeks * 7 * DAY,
            )  # fmt: skip
    return users


def planned(db: Db, users: list[UUID], since: datetime) -> list[datetime]:
    return [
        r["send_at"]
        for r in rows(
            db,
            "select send_at from outreach.best_send_times(%s, null, %s, %s, 'outreach', '09:00', '20:30')",
            users,
            since,
            since + DAY,
        )
    ]


def test_nothing_is_planned_into_the_last_minutes_of_a_window(db: Db) -> None:
    """A wake-up at the end of the minute and a delay of some minutes still end within the window."""
    users = evening_people(db, 60)
    times = planned(db, users, NOW)
    closing = at("2026-11-23T20:30:00")
    assert {t.astimezone(NOW.tzinfo).hour for t in times} == {20}
    assert closing - 20 * MINUTE < max(times) < closing - 10 * MINUTE
    made = [message(db, user, due=t, **WINDOW) for user, t in zip(users, times, strict=True)]
    for t in sorted(times):
        claim(db, t.replace(second=0, microsecond=0) + 5 * MINUTE)
    assert {state(db, m)["state"] for m in made} == {"claimed"}


def test_margin_is_a_rule_and_leaves_part_of_a_short_window(db: Db) -> None:
    users = evening_people(db, 40)
    set_rule(db, "quiet.margin", 0)
    # Without a margin the whole half hour is used, each person at the point of their bucket.
    whole = rows(
        db, "select %s + interval '30 minutes' * stats.bucket(u, 'minute') as send_at from unnest(%s::uuid[]) u",
        at("2026-11-23T20:00:00"), users,
    )  # fmt: skip
    assert sorted(planned(db, users, NOW)) == sorted(w["send_at"] for w in whole)
    set_rule(db, "quiet.margin", 120, NOW)
    late = planned(db, users, NOW)
    assert max(late) < at("2026-11-23T18:30:00")
    # Ten minutes before the end of the window its first five minutes remain, and evening people get those.
    now = planned(db, users, at("2026-11-23T20:20:00"))
    assert {at("2026-11-23T20:20:00") <= t < at("2026-11-23T20:25:00") for t in now} == {True}
