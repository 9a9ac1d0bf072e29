"""App events: each idempotent, partitioned by month, accepted without a partition of their month."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from psycopg import Connection
from psycopg.types.json import Jsonb

from tests.conftest import Clock, Connect
from tests.marketplace import event, person
from tests.outbox import DAY, HOUR, MICRO, NOW, rows, value
from tests.sessions import Phone, phone

Db = Connection[Any]

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def mine(db: Db, api: Db) -> Phone:
    return phone(db, api, person(db))


def one(happened_at: datetime = NOW, event_id: UUID | None = None, **more: Any) -> dict[str, Any]:
    return {
        "event_id": str(event_id or uuid4()),
        "kind": "app_open",
        "happened_at": happened_at.isoformat(),
        "properties": {},
    } | more


def record(mine: Phone, *events: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = mine.ask("record_events", events=Jsonb(list(events)))
    return answer


def test_each_event_counts_once_by_its_id(db: Db, mine: Phone, clock: Clock) -> None:
    first, second = one(), one(NOW - HOUR, kind="search", properties={"service": "cleaning"})
    assert record(mine, first, second, first) == {"recorded": 2, "repeated": 1, "refused": []}
    assert record(mine, first, one()) == {"recorded": 1, "repeated": 1, "refused": []}
    # Repeated with an instant months earlier, so in another partition: still the same event.
    assert record(mine, first | {"happened_at": (NOW - 90 * DAY).isoformat()})["repeated"] == 1
    found = rows(db, "select kind, properties from market.app_event where happened_at = %s", NOW - HOUR)
    assert found == [{"kind": "search", "properties": {"service": "cleaning"}}]
    assert value(db, "select count(*) from market.app_event") == 3


def test_ids_are_each_persons_own(db: Db, connect: Connect, mine: Phone) -> None:
    same = one()
    other = phone(db, connect(role="shokti_app"), person(db))
    assert record(mine, same)["recorded"] == 1
    assert record(other, same)["recorded"] == 1


@pytest.mark.parametrize(
    ("happened_at", "kept", "reason"),
    [
        (NOW, NOW, None),
        (NOW + MICRO, NOW, None),
        (NOW + DAY, NOW, None),
        (NOW + DAY + MICRO, None, "in_future"),
        (NOW - 365 * DAY, NOW - 365 * DAY, None),
        (NOW - 365 * DAY - MICRO, None, "too_old"),
        (datetime.fromisoformat("9999-12-31T23:59:59+00:00"), None, "in_future"),
        (datetime.fromisoformat("0001-01-01T00:00:00+00:00"), None, "too_old"),
    ],
)
def test_late_and_future_events(
    db: Db, mine: Phone, happened_at: datetime, kept: datetime | None, reason: str | None
) -> None:
    item, good = one(happened_at), one()
    refusals = [{"event_id": item["event_id"], "reason": reason}] if reason else []
    assert record(mine, item, good) == {"recorded": 2 - len(refusals), "repeated": 0, "refused": refusals}
    found = rows(db, "select happened_at from market.app_event where external_id like '%%/' || %s", item["event_id"])
    assert [each["happened_at"] for each in found] == ([kept] if kept else [])


def test_five_hundred_at_once(db: Db, mine: Phone) -> None:
    batch = [one(NOW - timedelta(hours=n)) for n in range(500)]
    assert record(mine, *batch)["recorded"] == 500
    assert record(mine, *batch) == {"recorded": 0, "repeated": 500, "refused": []}


def test_scenario_63_missed_partition_maintenance_fails_no_insert(db: Db, mine: Phone, clock: Clock) -> None:
    assert value(db, "select jobs.housekeep() ->> 'events_moved'") == "0"
    # Nobody makes partitions for half a year.
    clock.set(NOW + 200 * DAY)
    user = value(db, "select user_id from account.session")
    mine = phone(db, mine.app, user)
    batch = [one(NOW + 200 * DAY), one(NOW + 150 * DAY), one(NOW + 10 * DAY)]
    assert record(mine, *batch)["recorded"] == 3
    assert value(db, "select count(*) from market.app_event_default") == 2
    assert value(db, "select jobs.housekeep() ->> 'events_moved'") == "2"
    assert value(db, "select count(*) from market.app_event_default") == 0
    assert value(db, "select count(*) from market.app_event") == 3
    assert record(mine, *batch) == {"recorded": 0, "repeated": 3, "refused": []}
    homes = rows(db, "select distinct tableoid::regclass::text as home from market.app_event order by 1")
    assert [each["home"] for each in homes] == [
        "market.app_event_2026_12",
        "market.app_event_2027_04",
        "market.app_event_2027_06",
    ]
    assert value(db, "select jobs.housekeep() ->> 'events_moved'") == "0"


def test_months_end_in_utc(db: Db, mine: Phone, clock: Clock) -> None:
    value(db, "select jobs.housekeep()::text")
    edge = datetime.fromisoformat("2026-12-01T00:00:00+00:00")
    clock.set(edge + DAY)
    user = person(db)
    event(db, user, edge - MICRO)
    event(db, user, edge)
    homes = rows(db, "select tableoid::regclass::text as home from market.app_event order by happened_at")
    assert [each["home"] for each in homes] == ["market.app_event_2026_11", "market.app_event_2026_12"]


def partitions(db: Connection[Any]) -> set[str]:
    return {
        p["name"]
        for p in rows(
            db,
            "select inhrelid::regclass::text as name from pg_inherits where inhparent = 'market.app_event'::regclass",
        )
    }


def test_partitions_of_events_are_made_ahead_once(db: Connection[Any]) -> None:
    moment = datetime(2026, 12, 31, 23, 59, 59, 999999, UTC)
    assert value(db, "select market.make_event_partitions(%s)", moment) == 4
    assert {f"market.app_event_{m}" for m in ("2026_12", "2027_01", "2027_02", "2027_03")} <= partitions(db)
    assert value(db, "select market.make_event_partitions(%s)", moment) == 0
    assert value(db, "select market.make_event_partitions(%s)", moment + MICRO) == 1
    user = person(db)
    event(db, user, moment)
    event(db, user, moment + MICRO)
    found = rows(db, "select tableoid::regclass::text as name from market.app_event order by happened_at")
    assert [f["name"] for f in found] == ["market.app_event_2026_12", "market.app_event_2027_01"]


def test_scenario_63_missed_maintenance_fails_no_insert_and_mends_itself_later(db: Connection[Any]) -> None:
    user = person(db)
    event(db, user, "2031-05-05")
    assert rows(db, "select tableoid::regclass::text as name from market.app_event") == [
        {"name": "market.app_event_default"}
    ]
    # The month with rows in the default partition is skipped, the others are created.
    assert value(db, "select market.make_event_partitions('2031-05-06+06')") == 3
    assert "market.app_event_2031_05" not in partitions(db)
    event(db, user, "2031-05-07")
    assert value(db, "select count(*) from market.app_event") == 2
