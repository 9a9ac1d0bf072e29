"""Likely add-ons: rates, pairs, and both sides of each threshold."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import Connection

from tests.marketplace import (
    add_on,
    booking,
    person,
    service,
)
from tests.outbox import DAY, NOW, set_rule, value


def test_both_sides_of_each_threshold(db: Connection[Any]) -> None:
    """Twenty bookings are enough support; the estimate is the own rate, shrunken to that of the service."""
    home = service(db)
    often, rare, thin, gone = (add_on(db, home, active=name != "gone") for name in ("often", "rare", "thin", "gone"))
    crowd = person(db)
    for number in range(40):
        taken = {often: 1} if number < 24 else {}
        if number < 11:
            taken |= {rare: 1}
        if number < 19:
            taken |= {thin: 1}
        if number < 30:
            taken |= {gone: 1}
        booking(db, crowd, home, scheduled_at=NOW - (number + 3) * DAY, add_ons=taken)
    set_rule(db, "add_on.min_support", 20)

    def likely(user: UUID, moment: datetime = NOW) -> list[UUID]:
        db.execute("refresh materialized view smartengage.add_on_rate")
        found: list[UUID] = value(db, "select smartengage.likely_add_ons(%s, %s, %s)", user, home, moment)
        return found

    newcomer = person(db)
    assert likely(newcomer) == [often]
    # Four own visits without it, against a prior of four, halve the rate; two more bring it below the threshold.
    for number in range(4):
        booking(db, newcomer, home, scheduled_at=NOW - (number + 2) * DAY)
    set_rule(db, "add_on.min_rate", 0.27)
    assert likely(newcomer) == [often]
    for number in range(2):
        booking(db, newcomer, home, scheduled_at=NOW - (number + 20) * DAY)
    assert likely(newcomer) == []
    # Later bookings are not used.
    assert likely(newcomer, NOW - 30 * DAY) == [often]
    # A person who always books the rare one is offered it once it has support. At most two are offered.
    set_rule(db, "add_on.min_support", 5, NOW - 364 * DAY)
    fan = person(db)
    for number in range(6):
        booking(db, fan, home, scheduled_at=NOW - (number + 2) * DAY, add_ons={rare: 1, often: 1, thin: 1})
    assert len(likely(fan)) == 2
    set_rule(db, "add_on.max", 0, NOW - 363 * DAY)
    assert likely(fan) == []


def test_own_add_ons_raise_those_booked_with_them_and_lower_others(db: Connection[Any]) -> None:
    """Fridge and oven are booked together, never with the windows; each of the three in every third booking."""
    home, crowd = service(db), person(db)
    fridge, oven, windows = (add_on(db, home) for _ in range(3))
    for number in range(90):
        taken = [{fridge: 1, oven: 1}, {windows: 1}, {}][number % 3]
        booking(db, crowd, home, scheduled_at=NOW - (number + 3) * DAY, add_ons=taken)
    users = {"newcomer": person(db), "fridge": person(db), "windows": person(db)}
    for name, taken in (("fridge", {fridge: 1}), ("windows", {windows: 1})):
        booking(db, users[name], home, scheduled_at=NOW - 2 * DAY, add_ons=taken)
    db.execute("refresh materialized view smartengage.add_on_rate")
    db.execute("refresh materialized view smartengage.add_on_pair")

    def likely(name: str) -> list[UUID]:
        found: list[UUID] = value(db, "select smartengage.likely_add_ons(%s, %s, %s)", users[name], home, NOW)
        return found

    # For a person without visits their rates, 31 of 92, are above the threshold of 0.30.
    assert set(likely("newcomer")) <= {fridge, oven, windows}
    assert len(likely("newcomer")) == 2
    # (0 + 4 · 0.33 · lift 2.6) / 5 = 0.68 for the oven; the windows are far below.
    assert likely("fridge") == [oven, fridge]
    assert likely("windows") == [windows]
    # Shrunken to a lift of 1: the oven falls back to the rate of the service, (0 + 4 · 0.33) / 5 = 0.26.
    set_rule(db, "add_on.lift_weight", 1000)
    assert likely("fridge") == [fridge]
    # A pair gives no lift until its first add-on has support.
    set_rule(db, "add_on.lift_weight", 5, NOW - 364 * DAY)
    set_rule(db, "add_on.min_support", 32)
    assert likely("fridge") == []
