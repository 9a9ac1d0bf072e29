"""Jobs of a worker: open, accepted, arrived, started, completed, cancelled."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import Connection
from psycopg.types.json import Jsonb

from tests.conftest import Clock
from tests.marketplace import add_on, at, booking, person, service, worker
from tests.outbox import DAY, HOUR, MICRO, NOW, row, value
from tests.sessions import Phone, phone, refused

Db = Connection[Any]

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def salma(db: Db) -> UUID:
    return worker(db)


@pytest.fixture
def mine(db: Db, api: Db, salma: UUID) -> Phone:
    return phone(db, api, salma)


def offer(db: Db, when: Any = NOW + DAY, **columns: Any) -> UUID:
    """A booking that waits for a worker."""
    home = columns.pop("service_id", None) or service(db)
    return booking(
        db, columns.pop("customer_id", None) or person(db), home, scheduled_at=when, status="pending", **columns
    )


def ids(page: dict[str, Any]) -> list[UUID]:
    return [UUID(item["booking_id"]) for item in page["items"]]


def test_whole_life_of_a_job(db: Db, mine: Phone, salma: UUID, clock: Clock) -> None:
    home = service(db)
    one = offer(db, NOW + HOUR, service_id=home, customer_id=person(db, full_name="রহিম উদ্দিন"))
    [offered] = mine.ask("jobs", status="open")["items"]
    assert (offered["status"], offered["customer_name"]) == ("pending", None)
    accepted = mine.ask("accept_job", booking_id=one)
    assert (accepted["status"], accepted["customer_name"], at(accepted["confirmed_at"])) == (
        "confirmed",
        "রহিম উদ্দিন",
        NOW,
    )
    assert ids(mine.ask("jobs", status="upcoming")) == [one]
    clock.advance(minutes=55)
    arrived = mine.ask("arrive_job", booking_id=one)
    clock.advance(minutes=10)
    assert mine.ask("arrive_job", booking_id=one) == arrived
    started = mine.ask("start_job", booking_id=one)
    assert (started["status"], started["arrived_at"]) == ("in_progress", arrived["arrived_at"])
    assert ids(mine.ask("jobs", status="active")) == [one]
    clock.advance(hours=2)
    assert mine.ask("start_job", booking_id=one) == started
    done = mine.ask("complete_job", booking_id=one)
    assert (done["status"], done["customer_name"], at(done["completed_at"])) == ("completed", None, clock.now())
    clock.advance(hours=1)
    for step in ("arrive_job", "start_job", "complete_job"):
        assert mine.ask(step, booking_id=one) == done
    assert ids(mine.ask("jobs", status="completed")) == [one]
    assert ids(mine.ask("jobs", status="open,upcoming,active,cancelled")) == []
    assert row(db, "select worker_id, status from market.booking") == {"worker_id": salma, "status": "completed"}


STEPS = {
    # status: what may follow
    "pending": {"accept_job"},
    "confirmed": {"accept_job", "arrive_job", "start_job", "cancel_job"},
    "in_progress": {"arrive_job", "start_job", "complete_job"},
    "completed": {"arrive_job", "start_job", "complete_job"},
    "cancelled": set(),
}


@pytest.mark.parametrize("status", STEPS)
@pytest.mark.parametrize("step", ["accept_job", "arrive_job", "start_job", "complete_job", "cancel_job"])
def test_steps_only_go_forward(db: Db, mine: Phone, salma: UUID, status: str, step: str) -> None:
    nobody = status == "pending"
    one = booking(
        db, person(db), service(db), scheduled_at=NOW + DAY, status=status, worker_id=None if nobody else salma
    )
    before = row(db, "select * from market.booking")
    more = {"reason": "sick"} if step == "cancel_job" else {}
    if step in STEPS[status]:
        mine.ask(step, booking_id=one, **more)
        return
    with refused("SH404" if nobody else "SH409"):
        mine.ask(step, booking_id=one, **more)
    assert row(db, "select * from market.booking") == before


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("pending", "in_progress"),
        ("pending", "completed"),
        ("confirmed", "pending"),
        ("confirmed", "completed"),
        ("in_progress", "confirmed"),
        ("in_progress", "cancelled"),
        ("completed", "cancelled"),
        ("cancelled", "pending"),
    ],
)
def test_psql_cannot_take_another_step_either(db: Db, salma: UUID, before: str, after: str) -> None:
    booking(db, person(db), service(db), scheduled_at=NOW + DAY, status=before, worker_id=salma)
    with refused("SH409"):
        db.execute("update market.booking set status = %s, cancelled_by = 'worker'", [after])


def test_jobs_of_other_workers_are_not_there(db: Db, mine: Phone) -> None:
    theirs = booking(db, person(db), service(db), scheduled_at=NOW + DAY, status="confirmed", worker_id=worker(db))
    for step in ("arrive_job", "start_job", "complete_job"):
        with refused("SH404"):
            mine.ask(step, booking_id=theirs)
    with refused("SH404"):
        mine.ask("cancel_job", booking_id=theirs, reason="sick")
    with refused("SH409"):
        mine.ask("accept_job", booking_id=theirs)
    assert mine.ask("jobs", status="open,upcoming,active,completed,cancelled")["items"] == []


def test_customers_are_no_workers(db: Db, api: Db) -> None:
    theirs = phone(db, api, person(db))
    for function in ("jobs", "worker_profile"):
        with refused("SH403"):
            theirs.ask(function)


def test_offers_are_of_the_workers_categories_and_to_come(db: Db, mine: Phone, clock: Clock) -> None:
    here = offer(db, NOW + MICRO)
    beauty = offer(db, service_id=service(db, category="beauty"))
    past = offer(db, NOW)
    assert ids(mine.ask("jobs", status="open")) == [here]
    with refused("SH404"):
        mine.ask("accept_job", booking_id=beauty)
    with refused("SH404"):
        mine.ask("accept_job", booking_id=uuid4())
    with refused("SH409"):
        mine.ask("accept_job", booking_id=past)


@pytest.mark.parametrize(
    ("minutes", "free"),
    [(-120, True), (-119, False), (0, False), (119, False), (120, True)],
)
def test_no_overlapping_jobs(db: Db, mine: Phone, salma: UUID, minutes: int, free: bool) -> None:
    """Jobs of two hours; one may begin the moment the other ends."""
    held = booking(db, person(db), service(db), scheduled_at=NOW + DAY, status="confirmed", worker_id=salma)
    wanted = offer(db, NOW + DAY + minutes * HOUR / 60)
    assert ids(mine.ask("jobs", status="open")) == ([wanted] if free else [])
    if free:
        assert mine.ask("accept_job", booking_id=wanted)["status"] == "confirmed"
        return
    with refused("SH409"):
        mine.ask("accept_job", booking_id=wanted)
    with pytest.raises(psycopg.errors.ExclusionViolation, match="booking_worker_is_free"):
        db.execute(
            "update market.booking set status = 'confirmed', worker_id = %s where booking_id = %s", [salma, wanted]
        )
    # Once the other job is cancelled, the time is free.
    mine.ask("cancel_job", booking_id=held, reason="family")
    assert mine.ask("accept_job", booking_id=wanted)["status"] == "confirmed"


def test_giving_up_says_who_and_why(db: Db, mine: Phone, salma: UUID) -> None:
    one = booking(db, person(db), service(db), scheduled_at=NOW + DAY, status="confirmed", worker_id=salma)
    answer = mine.ask("cancel_job", booking_id=one, reason="sick")
    assert (answer["status"], answer["cancelled_by"], answer["cancel_reason"]) == ("cancelled", "worker", "sick")
    assert mine.ask("cancel_job", booking_id=one, reason="family") == answer
    assert ids(mine.ask("jobs", status="cancelled")) == [one]


def test_pages_of_jobs_and_offers_together(db: Db, mine: Phone, salma: UUID) -> None:
    expected = []
    for day in range(1, 6):
        expected.append(
            booking(db, person(db), service(db), scheduled_at=NOW + day * DAY, status="confirmed", worker_id=salma)
        )
        expected.append(offer(db, NOW + day * DAY + 3 * HOUR))
    listed: list[UUID] = []
    cursor = None
    while not listed or cursor:
        page = mine.ask("jobs", status="open,upcoming", cursor=cursor, limit=3)
        listed += ids(page)
        cursor = page["next_cursor"]
    assert listed == expected
    assert mine.ask("jobs")["items"][0]["status"] == "confirmed"


def test_what_is_over_comes_latest_first(db: Db, mine: Phone, salma: UUID) -> None:
    made = [
        booking(db, person(db), service(db), scheduled_at=NOW - day * DAY, status=status, worker_id=salma)
        for day, status in ((1, "completed"), (2, "cancelled"), (3, "completed"), (4, "completed"))
    ]
    listed: list[UUID] = []
    cursor = None
    while not listed or cursor:
        page = mine.ask("jobs", status="completed,cancelled", cursor=cursor, limit=3)
        listed += ids(page)
        cursor = page["next_cursor"]
    assert listed == made
    assert ids(mine.ask("jobs", status="completed")) == [made[0], *made[2:]]
    # Together with upcoming jobs, the earliest comes first.
    assert ids(mine.ask("jobs", status="upcoming,completed")) == [made[3], made[2], made[0]]


def test_job_shows_service_and_add_ons(db: Db, mine: Phone) -> None:
    home = service(db)
    fridge = add_on(db, home)
    one = offer(db, service_id=home, add_ons={fridge: 30_000})
    [job] = mine.ask("jobs", status="open")["items"]
    assert (job["booking_id"], job["service"]["name_bn"]) == (str(one), "বাসা পরিষ্কার")
    assert [extra["add_on_id"] for extra in job["add_ons"]] == [str(fridge)]
    assert "customer_id" not in job


def etag(db: Db, document: Any) -> str:
    found: str = value(db, "select edge.etag(%s)", Jsonb(document))
    return found


def test_worker_changes_categories_and_zone(db: Db, api: Db, mine: Phone, salma: UUID) -> None:
    service(db)
    service(db, category="beauty")
    service(db, category="closed", active=False)
    before = mine.ask("worker_profile")
    assert (before["categories"], before["zone"]) == (["cleaning"], "uttara")
    after = mine.ask("change_worker_profile", if_match=etag(db, before), categories=["cleaning", "beauty", "beauty"])
    assert (after["categories"], after["zone"]) == (["beauty", "cleaning"], "uttara")
    with refused("SH412"):
        mine.ask("change_worker_profile", if_match=etag(db, before), zone="mirpur")
    with refused("SH428"):
        mine.ask("change_worker_profile", if_match=None, zone="mirpur")
    for wrong in ("closed", "unheard"):
        with refused("SH422", column="categories"):
            mine.ask("change_worker_profile", if_match=etag(db, after), categories=[wrong])
    for wrong in (" ", "a\nb"):
        with refused("SH422", column="zone"):
            mine.ask("change_worker_profile", if_match=etag(db, after), zone=wrong)
    assert mine.ask("change_worker_profile", if_match=etag(db, after), zone=" মিরপুর ")["zone"] == "মিরপুর"
    assert mine.ask("change_worker_profile", if_match="*", categories=[])["categories"] == []
    assert value(db, "select zone from market.worker where user_id = %s", salma) == "মিরপুর"


def test_worker_who_is_not_taken_on_has_no_profile(db: Db, api: Db) -> None:
    theirs = phone(db, api, person(db, role="worker"))
    with refused("SH404"):
        theirs.ask("worker_profile")
    with refused("SH404"):
        theirs.ask("change_worker_profile", if_match="*", zone="mirpur")
    assert theirs.ask("jobs", status="open,upcoming")["items"] == []
