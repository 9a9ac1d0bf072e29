"""Links in messages: the pre-filled booking, booking it once, and clicks."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
from psycopg import Connection

from app.endpoints.link import Link
from app.endpoints.market import Booking
from tests import marketplace
from tests.app.claimed_messages import ClaimedMessage, claimed_message, state
from tests.app.serving import APP, Edge
from tests.conftest import Clock

Db = Connection[Any]


@pytest.fixture
def add_ons(db: Db, service: UUID) -> list[UUID]:
    return [marketplace.add_on(db, service), marketplace.add_on(db, service, name_bn="বারান্দা ধোয়া", price_poisha=25_000)]


@pytest.fixture
def service(db: Db) -> UUID:
    return marketplace.service(db)


@pytest.fixture
def sent(db: Db, clock: Clock, service: UUID, add_ons: list[UUID]) -> ClaimedMessage:
    """A reminder sent a minute ago that suggests Thursday 10:30 with the first add-on."""
    suggested_at = datetime.fromisoformat("2026-11-26T10:30:00+06:00")
    sent = claimed_message(db, clock.now(), service_id=service, add_on_ids=add_ons[:1], suggested_at=suggested_at)
    clock.advance(minutes=1)
    return sent


def bookings(db: Db, sent: ClaimedMessage) -> list[tuple[Any, ...]]:
    return db.execute(
        "select booking_id, scheduled_at, price_poisha, source from market.booking where customer_id = %s",
        [sent.user_id],
    ).fetchall()


def test_the_link_is_a_prefilled_booking(
    app: httpx2.Client, sent: ClaimedMessage, service: UUID, add_ons: list[UUID]
) -> None:
    answer = app.get(sent.link)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["vary"] == "Accept"
    link = Link.model_validate_json(answer.content)
    assert (link.status, link.service.service_id, link.booking) == ("open", service, None)
    assert link.suggested_at == datetime.fromisoformat("2026-11-26T04:30:00+00:00")
    assert {add_on.add_on_id: add_on.suggested for add_on in link.add_ons} == {add_ons[0]: True, add_ons[1]: False}
    assert link.price_poisha == 180_000


def test_instants_are_answered_in_utc(app: httpx2.Client, sent: ClaimedMessage) -> None:
    assert app.get(sent.link).json()["suggested_at"] == "2026-11-26T04:30:00+00:00"


def test_booking_as_suggested(app: httpx2.Client, db: Db, sent: ClaimedMessage, add_ons: list[UUID]) -> None:
    answer = app.post(sent.link + "/book", json={})
    assert answer.status_code == 200
    booking = Booking.model_validate_json(answer.content)
    assert booking.scheduled_at == datetime.fromisoformat("2026-11-26T10:30:00+06:00")
    assert (booking.price_poisha, booking.add_on_ids) == (180_000, add_ons[:1])
    assert [row[3] for row in bookings(db, sent)] == ["link"]
    assert state(db, sent) == "booked"


def test_booking_as_chosen(app: httpx2.Client, sent: ClaimedMessage, add_ons: list[UUID]) -> None:
    chosen = {"scheduled_at": "2026-11-28T15:00:00+06:00", "add_on_ids": [str(add_ons[1])]}
    booking = Booking.model_validate_json(app.post(sent.link + "/book", json=chosen).content)
    assert booking.scheduled_at == datetime.fromisoformat("2026-11-28T09:00:00+00:00")
    assert (booking.price_poisha, booking.add_on_ids) == (175_000, [add_ons[1]])


def test_an_empty_list_means_no_add_ons(app: httpx2.Client, sent: ClaimedMessage) -> None:
    booking = app.post(sent.link + "/book", json={"add_on_ids": []}).json()
    assert (booking["price_poisha"], booking["add_on_ids"]) == (150_000, [])


def test_a_link_books_once_however_often_it_is_used(edge: Edge, db: Db, sent: ClaimedMessage) -> None:
    def book(number: int) -> httpx2.Response:
        with edge.client(**APP) as client:
            return client.post(sent.link + "/book", json={"scheduled_at": f"2026-11-27T{10 + number % 8}:00:00+06:00"})

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(book, range(32)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert len(bookings(db, sent)) == 1


def test_the_form_without_a_script(browser: httpx2.Client, db: Db, sent: ClaimedMessage, add_ons: list[UUID]) -> None:
    chosen = {"scheduled_at": "2026-11-27T13:30", "add_on_ids": [str(one) for one in add_ons]}
    answer = browser.post(sent.link + "/book", data=chosen)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"{sent.link}#thanks"
    ((_, scheduled_at, price_poisha, _),) = bookings(db, sent)
    assert scheduled_at == datetime.fromisoformat("2026-11-27T13:30:00+06:00")
    assert price_poisha == 205_000
    page = browser.get(answer.headers["location"]).text
    assert "শুক্রবার, ২৭ নভেম্বর" in page
    assert "দুপুর দেড়টা" in page
    assert "৳২,০৫০" in page


def test_unchecking_the_suggested_add_on_in_the_form_leaves_it_out(
    browser: httpx2.Client, db: Db, sent: ClaimedMessage
) -> None:
    browser.post(sent.link + "/book", data={"scheduled_at": "2026-11-27T13:30"})
    assert [row[2] for row in bookings(db, sent)] == [150_000]


def test_a_form_sent_by_an_app_is_answered_in_json(app: httpx2.Client, sent: ClaimedMessage) -> None:
    answer = app.post(sent.link + "/book", data={"scheduled_at": "2026-11-27T13:30"})
    assert (answer.status_code, answer.json()["scheduled_at"]) == (200, "2026-11-27T07:30:00+00:00")


@pytest.mark.parametrize(
    ("chosen", "field"),
    [
        ({"scheduled_at": "2026-11-23T03:00:00Z"}, "scheduled_at"),
        ({"scheduled_at": "2027-11-23T03:00:00Z"}, "scheduled_at"),
        ({"add_on_ids": [str(uuid4())]}, "add_on_ids"),
    ],
)
def test_an_invalid_booking_names_the_field(
    app: httpx2.Client, db: Db, sent: ClaimedMessage, chosen: dict[str, Any], field: str
) -> None:
    answer = app.post(sent.link + "/book", json=chosen)
    assert answer.status_code == 422
    assert [fault["field"] for fault in answer.json()["errors"]] == [field]
    assert bookings(db, sent) == []


def test_a_time_that_has_passed_leads_back_to_the_form(browser: httpx2.Client, db: Db, sent: ClaimedMessage) -> None:
    answer = browser.post(sent.link + "/book", data={"scheduled_at": "2026-11-22T10:00"})
    assert answer.status_code == 422
    assert f'href="{sent.link}"' in answer.text
    assert bookings(db, sent) == []


def test_a_booked_link_shows_its_booking_permanently(
    app: httpx2.Client, browser: httpx2.Client, clock: Clock, sent: ClaimedMessage
) -> None:
    booked = app.post(sent.link + "/book", json={}).json()
    clock.advance(days=60)
    link = app.get(sent.link).json()
    assert (link["status"], link["booking"]) == ("booked", booked)
    assert "আপনার বুকিং নেওয়া আছে" in browser.get(sent.link).text


def test_an_expired_link_says_so_kindly(
    app: httpx2.Client, browser: httpx2.Client, db: Db, clock: Clock, sent: ClaimedMessage
) -> None:
    clock.advance(days=30)
    for answer in (app.get(sent.link), app.post(sent.link + "/book", json={})):
        assert (answer.status_code, answer.json()["type"]) == (410, "urn:shokti:problem:gone")
    page = browser.get(sent.link)
    assert page.status_code == 410
    assert "এই লিংকের সময় পেরিয়ে গেছে" in page.text
    assert "This link has run out" in page.text
    assert bookings(db, sent) == []


@pytest.mark.parametrize("token", ["abc", "A" * 128, "%E0%A6%95", "..;", "'; drop table x; --"])
def test_an_unknown_link_says_so(app: httpx2.Client, browser: httpx2.Client, token: str) -> None:
    answer = app.get(f"/l/{token}")
    assert (answer.status_code, answer.json()["type"]) == (404, "urn:shokti:problem:not-found")
    page = browser.get(f"/l/{token}")
    assert page.status_code == 404
    assert "লিংকটি খুঁজে পেলাম না" in page.text


def test_added_query_parameters_are_ignored(browser: httpx2.Client, sent: ClaimedMessage) -> None:
    for tail in ("?utm_source=mail&utm_campaign=%E0%A6%86", "?fbclid=IwAR0", "?a&a&&="):
        assert browser.get(sent.link + tail).status_code == 200


def test_a_view_counts_once(browser: httpx2.Client, db: Db, sent: ClaimedMessage) -> None:
    recorded = [browser.post(sent.link + "/click").json()["recorded"] for _ in range(3)]
    assert recorded == [True, False, False]
    assert state(db, sent) == "clicked"


def test_a_scanner_that_runs_scripts_counts_as_a_machine(edge: Edge, db: Db, sent: ClaimedMessage) -> None:
    with edge.client(**{"user-agent": "SafeLinks-Scanner/1.0 (bot)"}) as scanner:
        scanner.post(sent.link + "/click")
    assert state(db, sent) == "sent"


def test_a_click_within_seconds_counts_as_a_machine(browser: httpx2.Client, db: Db, clock: Clock) -> None:
    sent = claimed_message(db, clock.now())
    browser.post(sent.link + "/click")
    assert state(db, sent) == "sent"
    clock.advance(**{"seconds": timedelta(minutes=2).total_seconds()})
    browser.post(sent.link + "/click")
    assert state(db, sent) == "clicked"
