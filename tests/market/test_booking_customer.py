"""Bookings of a customer: created, listed, cancelled, reviewed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from psycopg import Connection

from tests.conftest import Clock
from tests.marketplace import add_on, at, booking, person, review, service, worker
from tests.outbox import DAY, HOUR, MICRO, NOW, row, value
from tests.sessions import Phone, phone, refused

Db = Connection[Any]

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def customer(db: Db) -> UUID:
    return person(db)


@pytest.fixture
def mine(db: Db, api: Db, customer: UUID) -> Phone:
    return phone(db, api, customer)


def test_price_is_of_service_and_add_ons_in_poisha_and_stays(db: Db, mine: Phone) -> None:
    home = service(db, price_poisha=150_001, duration_minutes=90)
    fridge, oven = add_on(db, home, price_poisha=30_000), add_on(db, home, price_poisha=7)
    made = mine.ask("book", service_id=home, scheduled_at=NOW + DAY, add_on_ids=[fridge, oven, fridge])
    assert (made["price_poisha"], made["status"], made["source"]) == (180_008, "pending", "app")
    assert at(made["ends_at"]) - at(made["scheduled_at"]) == timedelta(minutes=90)
    assert made["add_on_ids"] == sorted(map(str, [fridge, oven]))
    db.execute("update market.service set price_poisha = 1")
    db.execute("update market.add_on set price_poisha = 1")
    assert mine.ask("booking", booking_id=UUID(made["booking_id"])) == made


@pytest.mark.parametrize(
    ("scheduled_at", "column"),
    [
        (NOW, "scheduled_at"),
        (NOW + MICRO, None),
        (NOW + 180 * DAY, None),
        (NOW + 180 * DAY + MICRO, "scheduled_at"),
        (NOW - DAY, "scheduled_at"),
    ],
)
def test_time_lies_within_180_days(db: Db, mine: Phone, scheduled_at: Any, column: str | None) -> None:
    home = service(db)
    if column is None:
        assert at(mine.ask("book", service_id=home, scheduled_at=scheduled_at)["scheduled_at"]) == scheduled_at
    else:
        with refused("SH422", column=column):
            mine.ask("book", service_id=home, scheduled_at=scheduled_at)
        assert value(db, "select count(*) from market.booking") == 0


def test_only_what_is_offered_can_be_booked(db: Db, mine: Phone) -> None:
    home, gone = service(db), service(db, active=False)
    other = add_on(db, service(db))
    withdrawn = add_on(db, home, active=False)
    for service_id in (gone, uuid4()):
        with refused("SH422", column="service_id"):
            mine.ask("book", service_id=service_id, scheduled_at=NOW + DAY)
    for add_on_id in (other, withdrawn, uuid4()):
        with refused("SH422", column="add_on_ids"):
            mine.ask("book", service_id=home, scheduled_at=NOW + DAY, add_on_ids=[add_on_id])


def test_bookings_of_others_are_not_there(db: Db, api: Db, mine: Phone) -> None:
    other = person(db)
    theirs = booking(db, other, service(db), scheduled_at=NOW + DAY, status="pending")
    calls: tuple[Callable[[], Any], ...] = (
        lambda: mine.ask("booking", booking_id=theirs),
        lambda: mine.ask("cancel_booking", booking_id=theirs, reason="other"),
        lambda: mine.ask("review_booking", booking_id=theirs, rating=5),
        lambda: mine.ask("booking", booking_id=uuid4()),
    )
    for call in calls:
        with refused("SH404"):
            call()
    assert mine.ask("bookings") == {"items": [], "next_cursor": None}


@pytest.mark.parametrize("function", ["bookings", "ai_messages"])
def test_workers_are_no_customers(db: Db, api: Db, function: str) -> None:
    with refused("SH403"):
        phone(db, api, worker(db)).ask(function)


def test_who_is_disabled_or_signed_out_is_refused_at_once(db: Db, mine: Phone, customer: UUID) -> None:
    assert mine.ask("bookings")["items"] == []
    db.execute("update account.person set disabled_at = clock.now() where user_id = %s", [customer])
    with refused("SH401"):
        mine.ask("bookings")
    db.execute("update account.person set disabled_at = null")
    value(db, "select account.revoke_session(%s, 'test', clock.now())", mine.actor)
    with refused("SH401"):
        mine.ask("bookings")


def test_pages_hold_every_booking_once_and_in_order(db: Db, mine: Phone, customer: UUID) -> None:
    home = service(db)
    made = [
        # Three of each instant: the id breaks ties.
        booking(db, customer, home, scheduled_at=NOW - n * DAY, created_at=NOW - (n // 3) * DAY)
        for n in range(10)
    ]
    listed, cursor, pages = [], None, 0
    while pages == 0 or cursor:
        page = mine.ask("bookings", cursor=cursor, limit=4)
        listed += page["items"]
        cursor, pages = page["next_cursor"], pages + 1
        # A booking created meanwhile does not shift later pages.
        booking(db, customer, home, scheduled_at=NOW + DAY, status="pending", created_at=NOW)
    assert pages == 3
    assert sorted(b["booking_id"] for b in listed) == sorted(map(str, made))
    places = [(at(b["created_at"]), b["booking_id"]) for b in listed]
    assert places == sorted(places, reverse=True)
    assert len(mine.ask("bookings", limit=4)["items"]) == 4


@pytest.mark.parametrize(("limit", "items", "more"), [(2, 2, True), (3, 3, False), (4, 3, False)])
def test_last_page_has_no_cursor(db: Db, mine: Phone, customer: UUID, limit: int, items: int, more: bool) -> None:
    for n in range(3):
        booking(db, customer, service(db), scheduled_at=NOW - n * DAY)
    page = mine.ask("bookings", limit=limit)
    assert (len(page["items"]), page["next_cursor"] is not None) == (items, more)


def test_bookings_are_found_by_status(db: Db, mine: Phone, customer: UUID) -> None:
    home, somebody = service(db), worker(db)
    for n, status in enumerate(("pending", "confirmed", "in_progress", "completed", "cancelled")):
        booking(db, customer, home, scheduled_at=NOW + n * DAY, status=status, worker_id=somebody)
    found = mine.ask("bookings", status="completed,pending")
    assert sorted(b["status"] for b in found["items"]) == ["completed", "pending"]
    assert len(mine.ask("bookings")["items"]) == 5


@pytest.mark.parametrize(
    ("status", "allowed"),
    [("pending", True), ("confirmed", True), ("in_progress", False), ("completed", False)],
)
def test_cancelling_ends_when_the_job_begins(db: Db, mine: Phone, customer: UUID, status: str, allowed: bool) -> None:
    one = booking(db, customer, service(db), scheduled_at=NOW + DAY, status=status, worker_id=worker(db))
    if not allowed:
        with refused("SH409"):
            mine.ask("cancel_booking", booking_id=one, reason="changed_plans")
        assert value(db, "select status from market.booking") == status
        return
    answer = mine.ask("cancel_booking", booking_id=one, reason="changed_plans")
    assert (answer["status"], answer["cancelled_by"], answer["cancel_reason"]) == (
        "cancelled",
        "customer",
        "changed_plans",
    )
    assert at(answer["cancelled_at"]) == NOW
    # Repeated with another reason: the first one is kept.
    assert mine.ask("cancel_booking", booking_id=one, reason="other") == answer


def test_what_the_worker_cancelled_is_not_the_customers_to_cancel(db: Db, mine: Phone, customer: UUID) -> None:
    one = booking(db, customer, service(db), scheduled_at=NOW + DAY, status="cancelled", cancelled_by="worker")
    with refused("SH409"):
        mine.ask("cancel_booking", booking_id=one, reason="other")


@pytest.mark.parametrize("status", ["pending", "confirmed", "in_progress", "cancelled"])
def test_only_completed_bookings_are_reviewed(db: Db, mine: Phone, customer: UUID, status: str) -> None:
    one = booking(db, customer, service(db), scheduled_at=NOW + DAY, status=status, worker_id=worker(db))
    with refused("SH409"):
        mine.ask("review_booking", booking_id=one, rating=5)
    assert value(db, "select count(*) from market.review") == 0


def test_review_is_given_once(db: Db, mine: Phone, customer: UUID) -> None:
    one = booking(db, customer, service(db), scheduled_at=NOW - DAY)
    # A decomposed letter and surrounding white space: stored in NFC and trimmed.
    first = mine.ask("review_booking", booking_id=one, rating=4, body="  খুব ভালো হয়েছে\n")
    assert first["body"] == value(db, "select normalize('খুব ভালো হয়েছে', nfc)")
    assert mine.ask("review_booking", booking_id=one, rating=4, body="খুব ভালো হয়েছে") == first
    for other in ({"rating": 5, "body": "খুব ভালো হয়েছে"}, {"rating": 4}, {"rating": 4, "body": "না"}):
        with refused("SH409"):
            mine.ask("review_booking", booking_id=one, **other)
    assert mine.ask("booking", booking_id=one)["review"] == first


@pytest.mark.parametrize(("rating", "good"), [(0, False), (1, True), (5, True), (6, False)])
def test_rating_is_one_to_five(db: Db, mine: Phone, customer: UUID, rating: int, good: bool) -> None:
    one = booking(db, customer, service(db), scheduled_at=NOW - DAY)
    if good:
        assert mine.ask("review_booking", booking_id=one, rating=rating, body="  ")["body"] is None
    else:
        with refused("23514"):
            mine.ask("review_booking", booking_id=one, rating=rating)


def test_customer_reads_worker_and_life_of_the_booking(db: Db, mine: Phone, customer: UUID) -> None:
    salma = worker(db, full_name="সালমা আক্তার")
    one = booking(db, customer, service(db), scheduled_at=NOW - DAY, worker_id=salma)
    review(db, one, rating=5)
    read = mine.ask("booking", booking_id=one)
    assert (read["worker_name"], read["status"], read["review"]["rating"]) == ("সালমা আক্তার", "completed", 5)
    assert at(read["completed_at"]) == NOW - DAY + 2 * HOUR
    assert "worker_id" not in read


def test_planning_sees_a_booking_at_once(db: Db, mine: Phone, customer: UUID, clock: Clock) -> None:
    home = service(db)
    mine.ask("book", service_id=home, scheduled_at=NOW + DAY)
    found = row(db, "select count(*) as n from market.open_or_completed_bookings(%s, %s, %s)", customer, home, NOW)
    assert found["n"] == 1
