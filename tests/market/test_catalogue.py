"""The catalogue as customers read it."""

from __future__ import annotations

from typing import Any

from psycopg import Connection

from tests.marketplace import add_on, service
from tests.outbox import value


def test_the_catalogue_shows_what_is_active(db: Connection[Any]) -> None:
    home = service(db)
    fridge = add_on(db, home)
    add_on(db, home, active=False)
    service(db, active=False)
    (only,) = value(db, "select market.services()")
    assert only["service_id"] == str(home)
    assert [a["add_on_id"] for a in only["add_ons"]] == [str(fridge)]
