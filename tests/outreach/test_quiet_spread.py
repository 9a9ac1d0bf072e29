"""Sends are spread: what was put off does not all go as the window opens, nothing is planned into its last minutes."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from psycopg import Connection

from tests.marketplace import at, booking, person, service
from tests.outbox import DAY, HOUR, MICRO, NOW, claim, message, reader, rows, set_rule, state, value

Db = Connection[Any]
MINUTE = timedelta(minutes=1)
NIGHT, MORNING, CLOSING = at("2026-11-23T22:00:00"), at("2026-11-24T09:00:00"), at("2026-11-24T20:30:00")
WINDOW: dict[str, Any] = {"window_from": time(9), "window_until": time(20, 30)}


def put_off(db: Db, message_id: UUID, until: datetime | None, useful: datetime, spread: Any, margin: Any) -> datetime:
    found: datetime = value(
        db, "select outreach.deferred_until(%s, tstzrange(%s, %s), %s, %s, %s)",
        message_id, MORNING, until, useful, spread, margin,
    )  # fmt: skip
    return found


def test_a_night_full_of_messages_does_not_go_on_the_hour(db: Db) -> None:
    made = [message(db, reader(db), due=NIGHT, useful_until=NIGHT + 2 * DAY, **WINDOW) for _ in range(120)]
    for _ in range(2):
        claim(db, NIGHT)
    due = {m: state(db, m)["due_at"] for m in made}
    assert all(MORNING <= d < MORNING + HOUR for d in due.values())
    quarters = Counter((d - MORNING) // (15 * MINUTE) for d in due.values())
    assert min(quarters[q] for q in range(4)) >= 15, quarters
    # The worker is woken for each minute, and what is decided is kept as it was decided.
    kept = rows(db, "select message_id, until from outreach.claim_denial where reason = 'quiet'")
    assert {k["message_id"]: k["until"] for k in kept} == due
    woken = {
        r["execute_after"] for r in rows(db, "select execute_after from queue.pgqueuer where entrypoint = 'deliver'")
    }
    assert {d.replace(second=0, microsecond=0) + MINUTE for d in due.values()} == woken
    # The next night, should it come to that, each has its place again.
    db.execute("update outreach.message set due_at = %s", [NIGHT + DAY])
    for _ in range(2):
        claim(db, NIGHT + DAY)
    assert {m: state(db, m)["due_at"] for m in made} == {m: d + DAY for m, d in due.items()}


def test_explain_says_the_same_instant(db: Db) -> None:
    user = reader(db)
    message_id = message(db, user, due=NIGHT, **WINDOW)
    told = rows(db, "select gate, verdict, frees_at from explain.claim_verdicts(%s, %s)", user, NIGHT)
    claim(db, NIGHT)
    due = state(db, message_id)["due_at"]
    assert [(g["verdict"], g["frees_at"]) for g in told if g["gate"] == "quiet"] == [("defer", due)]
    assert due > MORNING


def test_a_rule_says_how_far(db: Db) -> None:
    made = [message(db, reader(db), due=NIGHT, **WINDOW) for _ in range(40)]
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
        # Not longer than it is useful, nor into the last minutes of the window, nor after it.
        (CLOSING, MORNING + 7 * MINUTE, HOUR, 7 * MINUTE),
        (MORNING + 30 * MINUTE, MORNING + DAY, HOUR, 20 * MINUTE),
        (MORNING + 12 * MINUTE, MORNING + DAY, HOUR, 6 * MINUTE),
        (CLOSING, MORNING + DAY, 0 * HOUR, 0 * HOUR),
        # No end in sight.
        (None, MORNING + DAY, HOUR, HOUR),
        # Useless by then: the verdict is that it expires, and tells when it could have gone.
        (CLOSING, MORNING - MICRO, HOUR, 0 * HOUR),
    ],
)
def test_within_the_window_and_its_use(
    db: Db, until: datetime | None, useful: datetime, spread: timedelta, end: timedelta
) -> None:
    found = [put_off(db, uuid4(), until, useful, spread, 10 * MINUTE) for _ in range(60)]
    assert all(MORNING <= f < MORNING + max(end, MICRO) for f in found)
    if end:
        assert max(found) > MORNING + 0.8 * end
        assert min(found) < MORNING + 0.2 * end


@pytest.mark.parametrize(("useful", "verdict"), [(0 * MICRO, "defer"), (-MICRO, "expire")])
def test_being_spread_makes_nothing_useless(db: Db, useful: timedelta, verdict: str) -> None:
    message_id = message(db, reader(db), due=NIGHT, useful_until=MORNING + useful, **WINDOW)
    told = rows(db, "select verdict, until from outreach.claim_verdicts(array[%s], %s)", message_id, NIGHT)
    assert told == [{"verdict": verdict, "until": MORNING}]


def test_a_stretch_is_seen_whole_however_late_it_begins(db: Db) -> None:
    """Quiet for nearly two days: the hour after it is an hour still."""
    db.execute(
        "insert into policy.quiet_period (name, during, created_at, author, reason)"
        " values ('storm', tstzrange(%s, %s), %s, 'test', 'test')", [NOW, NOW + 48 * HOUR - MINUTE, NOW],
    )  # fmt: skip
    made = [message(db, reader(db), useful_until=NOW + 3 * DAY) for _ in range(30)]
    claim(db)
    due = [state(db, m)["due_at"] for m in made]
    assert max(due) > NOW + 48 * HOUR + 30 * MINUTE


# Planned into the last minutes --------------------------------------------------------------------------------------


def evening_people(db: Db, number: int) -> list[UUID]:
    """Whoever uses the app only after eight in the evening."""
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


def test_nothing_is_planned_that_the_closing_window_would_overtake(db: Db) -> None:
    """Woken at the end of its minute, and sent by a worker that is some minutes late: still within the window."""
    users = evening_people(db, 60)
    times = planned(db, users, NOW)
    closing = at("2026-11-23T20:30:00")
    assert {t.astimezone(NOW.tzinfo).hour for t in times} == {20}
    assert closing - 20 * MINUTE < max(times) < closing - 10 * MINUTE
    made = [message(db, user, due=t, **WINDOW) for user, t in zip(users, times, strict=True)]
    for t in sorted(times):
        claim(db, t.replace(second=0, microsecond=0) + 5 * MINUTE)
    assert {state(db, m)["state"] for m in made} == {"claimed"}


def test_the_margin_is_a_rule_and_leaves_something_of_a_short_window(db: Db) -> None:
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
    # Ten minutes before the window closes the first five are left of it, and whoever prefers the evening gets those.
    now = planned(db, users, at("2026-11-23T20:20:00"))
    assert {at("2026-11-23T20:20:00") <= t < at("2026-11-23T20:25:00") for t in now} == {True}
