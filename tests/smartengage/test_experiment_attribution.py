"""Which message a booking is credited to."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from psycopg import Connection

from tests.marketplace import (
    booking,
    person,
    service,
)
from tests.outbox import DAY, HOUR, MICRO, NOW, message, reader, record_event, rows, sent, set_cap, state, value


def book(db: Connection[Any], user: UUID, home: UUID, moment: datetime) -> UUID:
    return booking(db, user, home, scheduled_at=moment + 3 * DAY, status="pending", created_at=moment)


def uncapped(db: Connection[Any]) -> None:
    set_cap(db, "outreach_daily", None, 24)
    set_cap(db, "outreach_weekly", None, 168)


def credited(db: Connection[Any]) -> dict[UUID, UUID]:
    """booking → message"""
    return {
        UUID(e["booking"]): e["message_id"]
        for e in rows(
            db,
            "select message_id, detail ->> 'booking_id' as booking from outreach.message_event where kind = 'booked'",
        )
    }


@pytest.mark.parametrize(
    ("after", "is_credited"),
    [(7 * DAY, True), (7 * DAY + MICRO, False), (0 * DAY, True), (-MICRO, False)],
)
def test_attribution_ends_with_the_seventh_day(db: Connection[Any], after: timedelta, is_credited: bool) -> None:
    user, home = reader(db), service(db)
    message_id = sent(db, user, NOW, service_id=home)
    booking_id = book(db, user, home, NOW + after)
    value(db, "select smartengage.attribute_bookings(%s)", NOW + after + HOUR)
    assert credited(db) == ({booking_id: message_id} if is_credited else {})
    assert state(db, message_id)["state"] == ("booked" if is_credited else "sent")


def test_only_bookings_of_the_recipient_and_the_service_are_credited(db: Connection[Any]) -> None:
    user, home = reader(db), service(db)
    sent(db, user, NOW, service_id=home)
    book(db, user, service(db), NOW + DAY)
    book(db, person(db), home, NOW + DAY)
    value(db, "select smartengage.attribute_bookings(%s)", NOW + 2 * DAY)
    assert credited(db) == {}


@pytest.mark.parametrize(
    ("earlier", "later", "winner"),
    [
        ([], [], "later"),
        (["clicked"], [], "earlier"),
        (["opened"], [], "earlier"),
        (["opened"], ["clicked"], "later"),
        (["clicked"], ["opened"], "earlier"),
        (["clicked"], ["clicked"], "later"),
        # delivered ranks as sent: it depends on the provider, not on the person.
        (["delivered"], [], "later"),
        ([], ["delivered"], "later"),
    ],
)
def test_the_furthest_state_is_credited_and_the_last_among_equals(
    db: Connection[Any], earlier: list[str], later: list[str], winner: str
) -> None:
    uncapped(db)
    user, home = reader(db), service(db)
    ids = {"earlier": sent(db, user, NOW, service_id=home), "later": sent(db, user, NOW + DAY, service_id=home)}
    for kinds, name in [(earlier, "earlier"), (later, "later")]:
        for kind in kinds:
            record_event(db, ids[name], kind, NOW + DAY + HOUR)
    booking_id = book(db, user, home, NOW + 2 * DAY)
    assert value(db, "select smartengage.attribute_bookings(%s)", NOW + 3 * DAY) == 1
    assert credited(db) == {booking_id: ids[winner]}
    # Called again, also after the message is booked: the other gets nothing.
    for days in (3, 4):
        assert not value(db, "select smartengage.attribute_bookings(%s)", NOW + days * DAY)
    assert credited(db) == {booking_id: ids[winner]}


def test_a_message_that_was_never_accepted_is_not_credited(db: Connection[Any]) -> None:
    user, home = reader(db), service(db)
    ghost = message(db, user, state="ghost", service_id=home)
    waiting = message(db, user, service_id=home, due=NOW + DAY)
    book(db, user, home, NOW + HOUR)
    assert not value(db, "select smartengage.attribute_bookings(%s)", NOW + 2 * HOUR)
    assert (state(db, ghost)["state"], state(db, waiting)["state"]) == ("ghost", "scheduled")
