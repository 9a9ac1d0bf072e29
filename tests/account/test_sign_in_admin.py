"""Admins: sensitive actions need a recent sign-in."""

from __future__ import annotations

from typing import Any

import pytest
from psycopg import Connection

from tests.conftest import Clock, Connect
from tests.marketplace import person
from tests.sessions import admin, refused, sign_in

Db = Connection[Any]


@pytest.mark.parametrize(("after", "fresh"), [(0, True), (599, True), (600, False), (86400, False)])
def test_a_sensitive_action_needs_a_sign_in_of_the_last_ten_minutes(
    db: Db, connect: Connect, clock: Clock, after: int, fresh: bool
) -> None:
    someone = admin(db, connect(role="shokti_app"))
    clock.advance(seconds=after)
    asked = "select (account.authenticate_recent_admin(%s, clock.now())).role"
    if fresh:
        assert db.execute(asked, [someone.actor]).fetchone() == ("admin",)
    else:
        with refused("SH403"):
            db.execute(asked, [someone.actor])
    assert db.execute("select (account.authenticate(%s, 'admin', clock.now())).role", [someone.actor]).fetchone() == (
        "admin",
    )


@pytest.mark.parametrize("role", ["customer", "worker"])
def test_a_sensitive_action_needs_an_admin(db: Db, clock: Clock, role: str) -> None:
    with refused("SH403"):
        db.execute("select account.authenticate_recent_admin(%s, clock.now())", [sign_in(db, person(db, role=role))])
