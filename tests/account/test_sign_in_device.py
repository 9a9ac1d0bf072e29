"""Push devices: one per person, one person per device, deleted with the session."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import Connection

from tests.conftest import Clock, Connect
from tests.marketplace import contact, person
from tests.outbox import DAY, NOW, rows, run_concurrently, value, wait_until_blocked
from tests.sessions import UNSET, Phone, phone

Db = Connection[Any]

pytestmark = pytest.mark.usefixtures("clock")

ONE, TWO = "device-one:0123456789", "device-two:0123456789"


@pytest.fixture
def customer(db: Db) -> UUID:
    return person(db)


@pytest.fixture
def mine(db: Db, api: Db, customer: UUID) -> Phone:
    return phone(db, api, customer)


def register(theirs: Phone, token: str | None) -> Any:
    return theirs.ask("change_me", if_match="*", **(UNSET | {"push_token": token}))


def devices(db: Db) -> dict[UUID, str]:
    found = rows(db, "select user_id, address from account.contact where channel = 'push'")
    return {one["user_id"]: one["address"] for one in found}


def test_the_newest_device_replaces_the_previous_one(db: Db, api: Db, mine: Phone, customer: UUID) -> None:
    assert [c["address"] for c in register(mine, ONE)["contacts"] if c["channel"] == "push"] == [ONE]
    register(phone(db, api, customer), TWO)
    assert devices(db) == {customer: TWO}
    register(mine, None)
    register(mine, None)
    assert devices(db) == {}


def test_registering_the_same_device_again_changes_nothing(db: Db, mine: Phone, clock: Clock) -> None:
    before = register(mine, ONE), rows(db, "select * from account.contact order by channel")
    clock.advance(days=1)
    assert (register(mine, ONE), rows(db, "select * from account.contact order by channel")) == before


def test_a_device_belongs_to_the_last_person_who_registered_it(db: Db, api: Db, mine: Phone, customer: UUID) -> None:
    """A phone changes hands: it shows no messages of its former owner."""
    register(mine, ONE)
    other = person(db)
    register(phone(db, api, other), ONE)
    assert devices(db) == {other: ONE}
    with pytest.raises(psycopg.errors.UniqueViolation, match="contact_push_once_idx"):
        contact(db, customer, "push", ONE)


def test_concurrent_registrations_of_one_device_are_serialized(
    db: Db, connect: Connect, mine: Phone, customer: UUID
) -> None:
    other = person(db)
    first, second = connect(role="shokti_app", autocommit=False), connect(role="shokti_app")
    register(phone(db, first, customer), ONE)
    theirs = phone(db, second, other)
    with run_concurrently(lambda: register(theirs, ONE)) as outcome:
        wait_until_blocked(db, second.info.backend_pid)
        first.commit()
    assert not isinstance(outcome[0], Exception), outcome
    assert devices(db) == {other: ONE}


@pytest.mark.parametrize("how", ["logout", "end_sessions", "reuse"])
def test_a_revoked_session_deletes_its_device(db: Db, api: Db, mine: Phone, customer: UUID, how: str) -> None:
    elsewhere = phone(db, api, customer)
    register(mine, ONE)
    value(db, "select account.revoke_session(%s, 'signed_out', clock.now())", elsewhere.actor)
    assert devices(db) == {customer: ONE}
    if how == "logout":
        value(db, "select account.revoke_session(%s, 'signed_out', clock.now())", mine.actor)
    elif how == "end_sessions":
        mine.ask("end_sessions")
    else:
        db.execute("update account.session set revoked_at = clock.now(), revoked_reason = 'token_reused'")
    assert devices(db) == {}


def test_a_device_of_a_newer_session_survives_the_end_of_the_older(
    db: Db, api: Db, mine: Phone, customer: UUID
) -> None:
    register(mine, ONE)
    again = phone(db, api, customer)
    register(again, ONE)
    value(db, "select account.revoke_session(%s, 'signed_out', clock.now())", mine.actor)
    assert devices(db) == {customer: ONE}


def test_the_device_of_an_expired_session_is_deleted(db: Db, mine: Phone, customer: UUID) -> None:
    register(mine, ONE)
    expires = value(db, "select expires_at from account.session where session_id = %s", mine.actor)
    value(db, "select account.prune_expired(%s)", expires - DAY)
    assert devices(db) == {customer: ONE}
    value(db, "select account.prune_expired(%s)", expires)
    assert devices(db) == {}


@pytest.mark.parametrize(
    ("token", "reason", "lifted"),
    [(ONE, "refused", True), (ONE, "by_hand", False), (TWO, "refused", True), (TWO, "by_hand", True)],
)
def test_a_registration_lifts_a_suppression(db: Db, mine: Phone, token: str, reason: str, lifted: bool) -> None:
    register(mine, ONE)
    db.execute(
        "update account.contact set suppressed_at = %s, suppressed_reason = %s where channel = 'push'", [NOW, reason]
    )
    register(mine, token)
    assert value(db, "select suppressed_at is null from account.contact where channel = 'push'") is lifted


@pytest.mark.parametrize("token", ["", "with blank", "x" * 1025, "ট"])
def test_an_invalid_device_token_violates_a_check(db: Db, customer: UUID, token: str) -> None:
    with pytest.raises(psycopg.errors.CheckViolation, match="contact_push_is_token"):
        contact(db, customer, "push", token)
