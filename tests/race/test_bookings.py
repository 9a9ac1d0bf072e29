"""Races about bookings, decided by the database: one winner, no overlap, no deadlock."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import Connection
from psycopg.types.json import Jsonb

from db import connection
from tests.conftest import Clock, Connect
from tests.marketplace import booking, person, service, worker
from tests.outbox import (
    DAY,
    HOUR,
    NOW,
    claim,
    message,
    reader,
    row,
    rows,
    run_concurrently,
    state,
    value,
    wait_until_blocked,
)
from tests.sessions import Phone, phone, sign_in

Db = Connection[Any]

pytestmark = pytest.mark.usefixtures("clock")


def at_once(actions: list[Callable[[], Any]]) -> list[str]:
    """Runs all of them in the same moment, each in a thread; for each "done" or the code it was refused with."""
    start = threading.Barrier(len(actions))
    outcomes: list[str] = []

    def run(action: Callable[[], Any]) -> None:
        start.wait()
        try:
            action()
            outcomes.append("done")
        except psycopg.Error as error:
            outcomes.append(str(error.sqlstate))

    threads = [threading.Thread(target=run, args=[action], daemon=True) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return outcomes


def test_scenario_08_fifty_accepts_one_winner(db: Db, database_url: str) -> None:
    one = booking(db, person(db), service(db), scheduled_at=NOW + DAY, status="pending")
    sessions = [sign_in(db, worker(db)) for _ in range(50)]
    connections = [connection.connect(database_url, role="shokti_app", application_name="race") for _ in sessions]
    try:
        phones = [Phone(app, session) for app, session in zip(connections, sessions, strict=True)]
        outcomes = at_once([lambda p=each: p.ask("accept_job", booking_id=one) for each in phones])  # type: ignore[misc]
    finally:
        for each in connections:
            each.close()
    assert Counter(outcomes) == {"done": 1, "SH409": 49}
    assert row(db, "select status, worker_id is not null as taken from market.booking") == {
        "status": "confirmed",
        "taken": True,
    }


def test_one_worker_accepts_overlapping_jobs_at_once(db: Db, connect: Connect) -> None:
    """Every job overlaps each other: one is taken, the rest is refused by a word, not by a deadlock."""
    salma = worker(db)
    offers = [
        booking(db, person(db), service(db), scheduled_at=NOW + DAY + n * HOUR / 10, status="pending") for n in range(8)
    ]
    phones = [phone(db, connect(role="shokti_app"), salma) for _ in offers]
    outcomes = at_once(
        [lambda p=p, o=o: p.ask("accept_job", booking_id=o) for p, o in zip(phones, offers, strict=True)]  # type: ignore[misc]
    )
    assert Counter(outcomes) == {"done": 1, "SH409": 7}
    assert value(db, "select count(*) from market.booking where worker_id = %s", salma) == 1


def test_writers_past_the_functions_cannot_overlap_either(db: Db, connect: Connect) -> None:
    salma = worker(db)
    offers = [booking(db, person(db), service(db), scheduled_at=NOW + DAY, status="pending") for _ in range(2)]
    first, second = connect(autocommit=False), connect(autocommit=False)
    take = "update market.booking set status = 'confirmed', worker_id = %s where booking_id = %s"
    first.execute(take, [salma, offers[0]])
    with run_concurrently(lambda: second.execute(take, [salma, offers[1]])) as outcome:
        wait_until_blocked(db, second.info.backend_pid)
        first.commit()
    assert isinstance(outcome[0], psycopg.errors.ExclusionViolation)
    second.rollback()


def test_cancelled_while_a_worker_accepts(db: Db, connect: Connect) -> None:
    """The acceptance waits for the customer's cancellation and then finds it."""
    customer, salma = person(db), worker(db)
    one = booking(db, customer, service(db), scheduled_at=NOW + DAY, status="pending")
    app, theirs = connect(role="shokti_app", autocommit=False), connect(role="shokti_app")
    cancelling, accepting = phone(db, app, customer), phone(db, theirs, salma)
    cancelling.ask("cancel_booking", booking_id=one, reason="other")
    with run_concurrently(lambda: accepting.ask("accept_job", booking_id=one)) as outcome:
        wait_until_blocked(db, theirs.info.backend_pid)
        app.commit()
    assert isinstance(outcome[0], psycopg.Error)
    assert outcome[0].sqlstate == "SH409"
    assert row(db, "select status, worker_id from market.booking") == {"status": "cancelled", "worker_id": None}


def test_completed_while_starting_is_not_yet_over_never_runs_backwards(db: Db, connect: Connect, clock: Clock) -> None:
    salma = worker(db)
    one = booking(db, person(db), service(db), scheduled_at=NOW, status="confirmed", worker_id=salma)
    first, second = connect(role="shokti_app", autocommit=False), connect(role="shokti_app")
    starting, completing = phone(db, first, salma), phone(db, second, salma)
    clock.set(NOW + HOUR)
    starting.ask("start_job", booking_id=one)
    clock.set(NOW + HOUR / 2)
    with run_concurrently(lambda: completing.ask("complete_job", booking_id=one)) as outcome:
        wait_until_blocked(db, second.info.backend_pid)
        first.commit()
    assert outcome[0]["status"] == "completed", outcome
    times = row(db, "select arrived_at, started_at, completed_at from market.booking")
    assert times["arrived_at"] <= times["started_at"] <= times["completed_at"]


def test_scenario_07_reminder_waits_for_a_booking_under_way(db: Db, connect: Connect) -> None:
    """A claim in the second of a booking passes the person by, and refuses the reminder once the booking is there."""
    customer, home = reader(db), service(db)
    app = connect(role="shokti_app", autocommit=False)
    mine = phone(db, app, customer)
    planned = message(db, customer, due=NOW, service_id=home)
    mine.ask("book", service_id=home, scheduled_at=NOW + DAY)
    claim(db, NOW)
    assert state(db, planned)["state"] == "scheduled"
    app.commit()
    claim(db, NOW)
    assert (state(db, planned)["state"], state(db, planned)["reason"]) == ("refused", "booked")


def test_same_events_at_once_count_once(db: Db, connect: Connect) -> None:
    user: UUID = person(db)
    phones = [phone(db, connect(role="shokti_app"), user) for _ in range(8)]
    batch = [
        {
            "event_id": f"00000000-0000-4000-8000-{n:012}",
            "kind": "app_open",
            "happened_at": NOW.isoformat(),
            "properties": {},
        }
        for n in range(50)
    ]
    # The phone's clock was set between two attempts: even then each id counts once.
    batches = [
        [each | {"happened_at": (NOW - n * HOUR).isoformat()} for each in (batch if n % 2 else batch[::-1])]
        for n in range(8)
    ]
    outcomes = at_once(
        [lambda p=p, b=b: p.ask("record_events", events=Jsonb(b)) for p, b in zip(phones, batches, strict=True)]  # type: ignore[misc]
    )
    assert Counter(outcomes) == {"done": 8}
    assert value(db, "select count(*) from market.app_event") == 50


def test_two_reviews_at_once(db: Db, connect: Connect) -> None:
    customer = person(db)
    one = booking(db, customer, service(db), scheduled_at=NOW - DAY)
    phones = [phone(db, connect(role="shokti_app"), customer) for _ in range(5)]
    outcomes = at_once(
        [lambda p=p, n=n: p.ask("review_booking", booking_id=one, rating=n) for n, p in enumerate(phones, 1)]  # type: ignore[misc]
    )
    assert Counter(outcomes) == {"done": 1, "SH409": 4}
    assert len(rows(db, "select rating from market.review")) == 1
