"""Admins: sensitive actions need a recent sign-in; an alert is raised once while it is open."""

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


def test_an_alert_is_raised_once_while_it_is_open(db: Db, clock: Clock) -> None:
    raised = "select policy.raise_alert('campaign_stopped', %s, '{\"opt_outs\": 9}', clock.now())"
    (first,) = db.execute(raised, ["campaign 1"]).fetchone() or (None,)
    assert first is not None
    assert db.execute(raised, ["campaign 1"]).fetchone() in (None, (None,))
    assert db.execute(raised, ["campaign 2"]).fetchone() not in (None, (None,), (first,))
    db.execute(
        "update policy.alert set acknowledged_at = clock.now(), acknowledged_by = uuidv7() where alert_id = %s", [first]
    )
    assert db.execute(raised, ["campaign 1"]).fetchone() not in (None, (None,), (first,))
