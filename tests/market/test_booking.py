"""Bookings: steps of the status, overlapping jobs of a worker, prices."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest
from psycopg import Connection

from tests.marketplace import add_on, booking, person, service, worker
from tests.outbox import DAY, HOUR, MICRO, NOW, row, rows, value

STATUSES = ["pending", "confirmed", "in_progress", "completed", "cancelled"]
STEPS = {
    ("pending", "confirmed"),
    ("confirmed", "in_progress"),
    ("in_progress", "completed"),
    ("pending", "cancelled"),
    ("confirmed", "cancelled"),
}


@pytest.mark.parametrize("by", ["customer", "worker", "admin"])
def test_a_booking_takes_only_the_steps_it_may(db: Connection[Any], by: str) -> None:
    home = service(db)
    for number, old in enumerate(STATUSES):
        for new in STATUSES:
            if old == new:
                continue
            serves, user = worker(db), person(db)
            made = booking(db, user, home, scheduled_at=NOW + number * DAY, status=old, worker_id=serves)
            changes = {
                "completed": "completed_at = ends_at, cancelled_at = null, cancelled_by = null",
                "cancelled": f"cancelled_at = now(), cancelled_by = '{by}', completed_at = null",
            }.get(new, "completed_at = null, cancelled_at = null, cancelled_by = null")
            step = f"update market.booking set status = '{new}', {changes} where booking_id = %s"
            if (old, new) in STEPS or ((old, new) == ("in_progress", "cancelled") and by == "admin"):
                db.execute(step, [made])
            else:
                with pytest.raises(psycopg.Error) as refusal:
                    db.execute(step, [made])
                assert refusal.value.diag.constraint_name == "booking_moves_forward", (old, new)


@pytest.mark.parametrize(
    ("begins", "hours", "overlaps"),
    [
        (-2 * HOUR, 2, False),
        (-2 * HOUR + MICRO, 2, True),
        (0 * HOUR, 2, True),
        (HOUR, 0.5, True),
        (-HOUR, 9, True),
        (2 * HOUR - MICRO, 2, True),
        (2 * HOUR, 2, False),
    ],
)
def test_a_worker_is_in_one_place_at_a_time(
    db: Connection[Any], begins: timedelta, hours: float, overlaps: bool
) -> None:
    serves, home = worker(db), service(db)
    for status in ("confirmed", "in_progress"):
        begun = NOW + (0 if status == "confirmed" else 9) * DAY
        booking(db, person(db), home, scheduled_at=begun, status=status, worker_id=serves)
        other: dict[str, Any] = {"scheduled_at": begun + begins, "ends_at": begun + begins + hours * HOUR}
        # Pending, completed and cancelled bookings may overlap; confirmed and started ones may not.
        for harmless in ("pending", "completed", "cancelled"):
            booking(db, person(db), home, status=harmless, worker_id=serves, **other)
        booking(db, person(db), home, status="confirmed", worker_id=worker(db), **other)
        if overlaps:
            with pytest.raises(psycopg.errors.ExclusionViolation, match="booking_worker_is_free"):
                booking(db, person(db), home, status="confirmed", worker_id=serves, **other)
        else:
            booking(db, person(db), home, status="confirmed", worker_id=serves, **other)


def create(db: Connection[Any], user: Any, home: Any, moment: Any, add_ons: list[Any], at: datetime = NOW) -> Any:
    return value(db, "select market.create_booking(%s, %s, %s, %s::uuid[], 'app', %s)", user, home, moment, add_ons, at)


def test_a_booking_has_the_price_and_length_of_that_day(db: Connection[Any]) -> None:
    user, home = person(db), service(db, price_poisha=150_000, duration_minutes=90)
    fridge, oven = add_on(db, home, price_poisha=30_000), add_on(db, home, price_poisha=20_050)
    made = create(db, user, home, NOW + DAY, [fridge, oven, fridge])
    db.execute("update market.service set price_poisha = 999")
    db.execute("update market.add_on set price_poisha = 999")
    found = row(db, "select * from market.booking where booking_id = %s", made)
    assert (found["status"], found["source"], found["price_poisha"]) == ("pending", "app", 200_050)
    assert (found["scheduled_at"], found["ends_at"], found["created_at"]) == (NOW + DAY, NOW + DAY + 1.5 * HOUR, NOW)
    extras = rows(db, "select add_on_id, price_poisha from market.booking_add_on where booking_id = %s", made)
    assert {e["add_on_id"]: e["price_poisha"] for e in extras} == {fridge: 30_000, oven: 20_050}
    seen = value(db, "select market.booking_summary(%s)", made)
    assert (seen["price_poisha"], set(seen["add_on_ids"])) == (200_050, {str(fridge), str(oven)})


@pytest.mark.parametrize(
    ("ahead", "column"),
    [
        (MICRO, None), (0 * DAY, "scheduled_at"), (-DAY, "scheduled_at"), (180 * DAY, None),
        (180 * DAY + MICRO, "scheduled_at"), (None, "scheduled_at"),
    ],
)  # fmt: skip
def test_the_time_of_a_booking_has_bounds(db: Connection[Any], ahead: timedelta | None, column: str | None) -> None:
    user, home = person(db), service(db)
    moment = None if ahead is None else NOW + ahead
    if column is None:
        assert create(db, user, home, moment, [])
        return
    with pytest.raises(psycopg.Error) as refusal:
        create(db, user, home, moment, [])
    assert (refusal.value.sqlstate, refusal.value.diag.column_name) == ("SH422", column)
    assert value(db, "select count(*) from market.booking") == 0


def test_only_what_is_offered_can_be_booked(db: Connection[Any]) -> None:
    user, home, gone = person(db), service(db), service(db, active=False)
    elsewhere, old = add_on(db, service(db)), add_on(db, home, active=False)
    cases: list[tuple[Any, list[Any], str]] = [
        (gone, [], "service_id"), (user, [], "service_id"), (home, [elsewhere], "add_on_ids"),
        (home, [old], "add_on_ids"),
        (home, [user], "add_on_ids"), (home, [None], "add_on_ids"),
    ]  # fmt: skip
    for what, add_ons, column in cases:
        with pytest.raises(psycopg.Error) as refusal:
            create(db, user, what, NOW + DAY, add_ons)
        assert (refusal.value.sqlstate, refusal.value.diag.column_name) == ("SH422", column)
    assert value(db, "select count(*) from market.booking") == 0
