"""Idempotency-Key over HTTP: one effect, however often and however concurrently it is sent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from psycopg import Connection

from tests import marketplace
from tests.app.people import bearer
from tests.app.serving import APP, Edge, serving
from tests.app.sign_in.test_sign_in import at_once

Db = Connection[Any]


class Customer:
    """Somebody who books."""

    def __init__(self, db: Db) -> None:
        self.db = db
        self.user_id = marketplace.person(db)
        self.headers = bearer(db, self.user_id)
        self.body: dict[str, Any] = {
            "service_id": str(marketplace.service(db)),
            "scheduled_at": (datetime.now(UTC) + timedelta(days=3)).isoformat(timespec="seconds"),
        }

    def book(self, client: httpx2.Client, key: str | None, **more: Any) -> httpx2.Response:
        headers = self.headers | ({"idempotency-key": key} if key is not None else {})
        return client.post("/bookings", json=self.body | more, headers=headers)

    def bookings(self) -> int:
        row = self.db.execute("select count(*) from market.booking where customer_id = %s", [self.user_id]).fetchone()
        assert row is not None
        return int(row[0])


@pytest.fixture
def customer(db: Db) -> Customer:
    return Customer(db)


def test_the_same_again_is_the_same_answer(app: httpx2.Client, customer: Customer) -> None:
    first, again = customer.book(app, "k-1"), customer.book(app, '"k-1"')
    assert (first.status_code, first.headers["idempotency-replayed"]) == (201, "false")
    assert (again.status_code, again.headers["idempotency-replayed"]) == (201, "true")
    assert again.content == first.content
    assert customer.bookings() == 1
    assert customer.book(app, "k-2").content != first.content
    assert customer.bookings() == 2


def test_without_a_key_twice_is_twice(app: httpx2.Client, customer: Customer) -> None:
    assert customer.book(app, None).status_code == customer.book(app, None).status_code == 201
    assert customer.bookings() == 2


def test_another_body_or_path_under_the_same_key_is_refused(app: httpx2.Client, customer: Customer) -> None:
    booking = customer.book(app, "k").json()
    refused = customer.book(app, "k", scheduled_at=(datetime.now(UTC) + timedelta(days=9)).isoformat())
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "idempotency-key")
    cancel = app.post(
        f"/bookings/{booking['booking_id']}/cancel", json={}, headers=customer.headers | {"idempotency-key": "k"}
    )
    assert cancel.status_code == 422
    assert customer.bookings() == 1


def test_keys_are_each_persons_own(app: httpx2.Client, customer: Customer, db: Db) -> None:
    somebody = Customer(db)
    assert customer.book(app, "shared").status_code == 201
    assert somebody.book(app, "shared").headers["idempotency-replayed"] == "false"


@pytest.mark.parametrize("key", ["", "x" * 256, "with blank", 'quote"within'])
def test_a_key_that_is_none(app: httpx2.Client, customer: Customer, key: str) -> None:
    answer = app.post(
        "/bookings",
        json=customer.body,
        headers=[*customer.headers.items(), ("idempotency-key", key)],
    )
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "idempotency-key")
    assert customer.bookings() == 0


def test_fifty_at_once_are_one(edge: Edge, customer: Customer) -> None:
    answers = at_once(edge, 50, lambda client, _: customer.book(client, "fifty"))
    # Who could not wait any longer is told to ask again; nobody is told anything else.
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.content for answer in answers if answer.status_code == 201}) == 1
    assert customer.bookings() == 1


def test_what_is_refused_leaves_the_key_free(app: httpx2.Client, customer: Customer) -> None:
    assert customer.book(app, "k", service_id=str(uuid4())).status_code == 422
    assert customer.book(app, "k").status_code == 201


def test_the_first_is_still_running(app: httpx2.Client, customer: Customer, db: Db, database_url: str) -> None:
    with Connection.connect(database_url) as other:
        other.execute("set role shokti_owner")
        other.execute("select edge.begin_idempotent_call(%s, 'k', sha256('other'), clock.now())", [customer.user_id])
        answer = customer.book(app, "k")
        assert answer.status_code == 409
        other.rollback()
    assert customer.book(app, "k").status_code == 201


def test_also_after_a_restart_and_for_a_day(database_url: str, customer: Customer) -> None:
    with serving(database_url) as edge, edge.client(**APP) as client:
        first = customer.book(client, "k")
    with serving(database_url) as edge, edge.client(**APP) as client:
        assert customer.book(client, "k").content == first.content
        age = "update edge.idempotent_call set called_at = called_at - %s::interval where user_id = %s"
        customer.db.execute(age, ["23 hours 59 minutes", customer.user_id])
        assert customer.book(client, "k").content == first.content
        customer.db.execute(age, ["2 minutes", customer.user_id])
        assert customer.book(client, "k").headers["idempotency-replayed"] == "false"
    assert customer.bookings() == 2


def test_a_revoked_session_gets_no_stored_answer(app: httpx2.Client, customer: Customer, db: Db) -> None:
    assert customer.book(app, "k").status_code == 201
    db.execute("update account.session set revoked_at = clock.now(), revoked_reason = 'test' where user_id = %s",
               [customer.user_id])  # fmt: skip
    assert customer.book(app, "k").status_code == 401
