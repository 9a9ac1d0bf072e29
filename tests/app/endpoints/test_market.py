"""Bookings and jobs over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
from psycopg import Connection

from app.endpoints.market import CustomerBooking, CustomerBookings, Job, Jobs, Review
from app.endpoints.me import WorkerProfile
from tests import marketplace
from tests.app.people import bearer
from tests.app.problems import problem
from tests.app.serving import APP, Edge

Db = Connection[Any]

TOMORROW = (datetime.now().astimezone() + timedelta(days=1)).replace(microsecond=0)


@pytest.fixture
def customer(edge: Edge, db: Db) -> Iterator[httpx2.Client]:
    """A customer's app."""
    with edge.client(**APP, **bearer(db, marketplace.person(db))) as client:
        yield client


@pytest.fixture
def category(db: Db) -> str:
    """A category for this test only, so that offers of other tests are not visible."""
    return f"category_{uuid4().hex[:12]}"


@pytest.fixture
def home(db: Db, category: str) -> UUID:
    return marketplace.service(db, category=category)


@pytest.fixture
def worker(edge: Edge, db: Db, category: str) -> Iterator[httpx2.Client]:
    """The app of a worker of that category."""
    with edge.client(**APP, **bearer(db, marketplace.worker(db, categories=[category]))) as client:
        yield client


def book(customer: httpx2.Client, home: UUID, **more: Any) -> CustomerBooking:
    answer = customer.post("/bookings", json={"service_id": str(home), "scheduled_at": TOMORROW.isoformat()} | more)
    assert answer.status_code == 201, answer.text
    return CustomerBooking.model_validate_json(answer.content)


def test_from_booking_to_review(db: Db, customer: httpx2.Client, worker: httpx2.Client, home: UUID) -> None:
    extra = marketplace.add_on(db, home)
    made = book(customer, home, add_on_ids=[str(extra)])
    assert (made.status, made.price_poisha, made.add_on_ids) == ("pending", 180_000, [extra])
    path = f"/jobs/{made.booking_id}"
    offers = Jobs.model_validate_json(worker.get("/me/jobs", params={"status": "open"}).content)
    assert [job.booking_id for job in offers.items] == [made.booking_id]
    for step, status in (
        ("accept", "confirmed"),
        ("arrive", "confirmed"),
        ("start", "in_progress"),
        ("complete", "completed"),
    ):
        answer = worker.post(f"{path}/{step}")
        assert answer.status_code == 200, answer.text
        assert Job.model_validate_json(answer.content).status == status
    answer = customer.post(f"/bookings/{made.booking_id}/review", json={"rating": 5.0, "body": "চমৎকার"})
    assert Review.model_validate_json(answer.content).rating == 5
    read = customer.get(f"/bookings/{made.booking_id}")
    assert read.headers["cache-control"] == "no-store"
    assert CustomerBooking.model_validate_json(read.content).review is not None
    done = Jobs.model_validate_json(worker.get("/me/jobs", params={"status": "completed"}).content)
    assert [job.customer_name for job in done.items] == [None]


def test_both_sides_can_cancel_with_a_reason(customer: httpx2.Client, worker: httpx2.Client, home: UUID) -> None:
    one, two = book(customer, home), book(customer, home, scheduled_at=(TOMORROW + timedelta(days=1)).isoformat())
    answer = customer.post(f"/bookings/{one.booking_id}/cancel", json={"reason": "changed_plans"})
    assert CustomerBooking.model_validate_json(answer.content).cancelled_by == "customer"
    assert worker.post(f"/jobs/{two.booking_id}/accept").status_code == 200
    answer = worker.post(f"/jobs/{two.booking_id}/cancel", json={"reason": "sick"})
    assert Job.model_validate_json(answer.content).cancelled_by == "worker"
    for body in ({}, {"reason": "because"}, {"reason": None}):
        problem(customer.post(f"/bookings/{one.booking_id}/cancel", json=body), 422, "reason")
        problem(worker.post(f"/jobs/{one.booking_id}/cancel", json=body), 422, "reason")


CUSTOMERS = [
    ("POST", "/bookings"), ("GET", "/bookings"), ("GET", "/bookings/{id}"), ("POST", "/bookings/{id}/cancel"),
    ("POST", "/bookings/{id}/review"), ("GET", "/me/ai-messages"), ("POST", "/me/ai-messages/{id}/feedback"),
]  # fmt: skip
WORKERS = [
    ("GET", "/me/jobs"), ("POST", "/jobs/{id}/accept"), ("POST", "/jobs/{id}/arrive"), ("POST", "/jobs/{id}/start"),
    ("POST", "/jobs/{id}/complete"), ("POST", "/jobs/{id}/cancel"), ("GET", "/me/profile"), ("PATCH", "/me/profile"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path"), CUSTOMERS + WORKERS)
def test_other_roles_are_refused(
    app: httpx2.Client, customer: httpx2.Client, worker: httpx2.Client, method: str, path: str
) -> None:
    path = path.replace("{id}", str(uuid4()))
    stranger = worker if (method, path) in CUSTOMERS or path.startswith(("/bookings", "/me/ai")) else customer
    assert "www-authenticate" in app.request(method, path, json={}).headers
    problem(app.request(method, path, json={}), 401)
    problem(stranger.request(method, path, json={}), 403)


def test_bookings_of_others_are_not_found(customer: httpx2.Client, worker: httpx2.Client, home: UUID) -> None:
    unknown = uuid4()
    problem(customer.get(f"/bookings/{unknown}"), 404)
    problem(customer.post(f"/bookings/{unknown}/cancel", json={"reason": "other"}), 404)
    problem(customer.post(f"/bookings/{unknown}/review", json={"rating": 1}), 404)
    for step in ("accept", "arrive", "start", "complete"):
        problem(worker.post(f"/jobs/{unknown}/{step}"), 404)
    problem(worker.post(f"/jobs/{unknown}/cancel", json={"reason": "sick"}), 404)
    problem(customer.get("/bookings/not-an-id"), 422, "booking_id")


def test_steps_in_the_wrong_order_conflict(customer: httpx2.Client, worker: httpx2.Client, home: UUID) -> None:
    made = book(customer, home)
    problem(customer.post(f"/bookings/{made.booking_id}/review", json={"rating": 5}), 409)
    assert worker.post(f"/jobs/{made.booking_id}/accept").status_code == 200
    problem(worker.post(f"/jobs/{made.booking_id}/complete"), 409)
    # A visit takes two hours, so one hour later overlaps.
    second = book(customer, home, scheduled_at=(TOMORROW + timedelta(hours=1)).isoformat())
    refusal = problem(worker.post(f"/jobs/{second.booking_id}/accept"), 409)
    assert "already have a job at that time" in refusal["detail"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"service_id": "x"}, "service_id"),
        ({"service_id": None}, "service_id"),
        ({"service_id": "00000000-0000-0000-0000-000000000000"}, "service_id"),
        ({"scheduled_at": "2020-01-01T00:00:00Z"}, "scheduled_at"),
        ({"scheduled_at": "9999-12-31T23:59:59-12:00"}, "scheduled_at"),
        ({"scheduled_at": "2026-02-30T00:00:00Z"}, "scheduled_at"),
        ({"scheduled_at": 1}, "scheduled_at"),
        ({"add_on_ids": [str(uuid4())]}, "add_on_ids"),
        ({"add_on_ids": [str(uuid4())] * 21}, "add_on_ids"),
        ({"add_on_ids": "x"}, "add_on_ids"),
        ({"note": "call me"}, "note"),
        ({"actor": str(uuid4())}, "actor"),
    ],
)
def test_invalid_bookings_name_the_field(
    customer: httpx2.Client, home: UUID, change: dict[str, Any], field: str
) -> None:
    body = {"service_id": str(home), "scheduled_at": TOMORROW.isoformat()} | change
    problem(customer.post("/bookings", json=body), 422, field)
    assert customer.get("/bookings").json()["items"] == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"rating": 0}, "rating"), ({"rating": 6}, "rating"), ({"rating": 4.5}, "rating"), ({"rating": "5"}, "rating"),
        ({"rating": 10**30}, "rating"), ({"body": "a\u0000b"}, "body"), ({"body": "ক" * 2001}, "body"),
    ],
)  # fmt: skip
def test_invalid_reviews_name_the_field(customer: httpx2.Client, change: dict[str, Any], field: str) -> None:
    problem(customer.post(f"/bookings/{uuid4()}/review", json={"rating": 5} | change), 422, field)


def test_paging_with_a_cursor_that_is_valid_for_this_list_only(
    edge: Edge, db: Db, customer: httpx2.Client, worker: httpx2.Client, home: UUID
) -> None:
    made = [book(customer, home).booking_id for _ in range(5)]
    listed: list[UUID] = []
    cursor: str | None = None
    while not listed or cursor:
        page = CustomerBookings.model_validate_json(
            customer.get("/bookings", params={"limit": 2} | ({"cursor": cursor} if cursor else {})).content
        )
        listed += [one.booking_id for one in page.items]
        cursor = page.next_cursor
    assert listed == made[::-1]
    cursor = customer.get("/bookings", params={"limit": 2}).json()["next_cursor"]
    assert cursor is not None
    problem(customer.get("/bookings", params={"cursor": cursor[:-2] + "AA"}), 422, "cursor")
    problem(customer.get("/me/ai-messages", params={"cursor": cursor}), 422, "cursor")
    with edge.client(**APP, **bearer(db, marketplace.person(db))) as other:
        problem(other.get("/bookings", params={"cursor": cursor}), 422, "cursor")
    for wrong in ("0", "201", "-1", "x", "1e3"):
        problem(customer.get("/bookings", params={"limit": wrong}), 422, "limit")
    for wrong in ("", "open", "pending,", "pending,,completed"):
        problem(customer.get("/bookings", params={"status": wrong}), 422, "status")
    assert len(customer.get("/bookings", params={"status": "pending,cancelled"}).json()["items"]) == 5


def test_concurrent_requests_with_one_key_make_one_booking(edge: Edge, db: Db, home: UUID) -> None:
    who = bearer(db, marketplace.person(db))
    key, body = uuid4().hex, {"service_id": str(home), "scheduled_at": TOMORROW.isoformat()}
    barrier = Barrier(16)

    def one(_: int) -> httpx2.Response:
        with edge.client(**APP, **who) as client:
            barrier.wait()
            return client.post("/bookings", json=body, headers={"idempotency-key": key})

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(one, range(16)))
    assert {answer.status_code for answer in answers} <= {201, 409}
    made = {answer.content for answer in answers if answer.status_code == 201}
    assert len(made) == 1
    with edge.client(**APP, **who) as client:
        assert len(client.get("/bookings").json()["items"]) == 1
        again = client.post("/bookings", json=body, headers={"idempotency-key": key})
        assert {again.content} == made
        other = body | {"scheduled_at": (TOMORROW + timedelta(hours=1)).isoformat()}
        problem(client.post("/bookings", json=other, headers={"idempotency-key": key}), 422)


def test_worker_changes_the_profile_that_was_read(worker: httpx2.Client, db: Db, category: str, home: UUID) -> None:
    read = worker.get("/me/profile")
    assert WorkerProfile.model_validate_json(read.content).categories == [category]
    problem(worker.patch("/me/profile", json={"zone": "mirpur"}), 428)
    changed = worker.patch("/me/profile", json={"zone": "mirpur"}, headers={"if-match": read.headers["etag"]})
    assert WorkerProfile.model_validate_json(changed.content).zone == "mirpur"
    problem(worker.patch("/me/profile", json={"zone": "x"}, headers={"if-match": read.headers["etag"]}), 412)
    assert worker.get("/me/profile").headers["etag"] == changed.headers["etag"]
    match = {"if-match": changed.headers["etag"]}
    problem(worker.patch("/me/profile", json={"categories": ["unheard_of"]}, headers=match), 422, "categories")
    problem(worker.patch("/me/profile", json={"zone": ""}, headers=match), 422, "zone")
    problem(worker.patch("/me/profile", json={"zone": None}, headers=match), 422, "zone")
    problem(worker.patch("/me/profile", json={"categories": None}, headers=match), 422, "categories")
    assert worker.patch("/me/profile", json={}, headers=match).content == changed.content
