"""Idempotency-Key over HTTP: repeated and concurrent requests with one key have one effect."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from psycopg import Connection

from tests.app.people import Customer
from tests.app.serving import APP, Edge, at_once, serving

Db = Connection[Any]


@pytest.fixture
def customer(db: Db) -> Customer:
    return Customer(db)


def test_a_repeated_request_gets_the_stored_answer(app: httpx2.Client, customer: Customer) -> None:
    first, again = customer.book(app, "k-1"), customer.book(app, '"k-1"')
    assert (first.status_code, first.headers["idempotency-replayed"]) == (201, "false")
    assert (again.status_code, again.headers["idempotency-replayed"]) == (201, "true")
    assert again.content == first.content
    assert customer.bookings() == 1
    assert customer.book(app, "k-2").content != first.content
    assert customer.bookings() == 2


def test_without_a_key_a_repeated_request_has_an_effect_again(app: httpx2.Client, customer: Customer) -> None:
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


def test_keys_belong_to_one_person(app: httpx2.Client, customer: Customer, db: Db) -> None:
    somebody = Customer(db)
    assert customer.book(app, "shared").status_code == 201
    assert somebody.book(app, "shared").headers["idempotency-replayed"] == "false"


@pytest.mark.parametrize("key", ["", "x" * 256, "with blank", 'quote"within'])
def test_an_invalid_key(app: httpx2.Client, customer: Customer, key: str) -> None:
    answer = app.post(
        "/bookings",
        json=customer.body,
        headers=[*customer.headers.items(), ("idempotency-key", key)],
    )
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "idempotency-key")
    assert customer.bookings() == 0


def test_fifty_concurrent_requests_have_one_effect(edge: Edge, customer: Customer) -> None:
    answers = at_once(edge, 50, lambda client, _: customer.book(client, "fifty"))
    # A request that waits too long for the first gets 409.
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.content for answer in answers if answer.status_code == 201}) == 1
    assert customer.bookings() == 1


def test_a_refused_request_does_not_use_up_the_key(app: httpx2.Client, customer: Customer) -> None:
    assert customer.book(app, "k", service_id=str(uuid4())).status_code == 422
    assert customer.book(app, "k").status_code == 201


def test_while_the_first_request_runs_others_conflict(
    app: httpx2.Client, customer: Customer, db: Db, database_url: str
) -> None:
    with Connection.connect(database_url) as other:
        other.execute("set role shokti_owner")
        other.execute("select edge.begin_idempotent_call(%s, 'k', sha256('other'), clock.now())", [customer.user_id])
        answer = customer.book(app, "k")
        assert answer.status_code == 409
        other.rollback()
    assert customer.book(app, "k").status_code == 201


def test_answers_are_stored_for_a_day_and_over_restarts(database_url: str, customer: Customer) -> None:
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
