"""Best send times and suggested booking times."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from psycopg import Connection

from tests.marketplace import (
    DHAKA,
    at,
    booking,
    person,
    service,
    visits,
    worker,
)
from tests.outbox import DAY, HOUR, NOW, reader, record_event, rows, sent, set_rule, value


@pytest.mark.parametrize(
    ("expected", "last_visit", "suggested"),
    [
        ("2026-11-25T03:00:00", "2026-10-28T16:45:00", "2026-11-25T16:45:00"),
        ("2026-11-25T03:00:00", None, "2026-11-25T10:00:00"),
        # At the earliest tomorrow.
        ("2026-11-20T03:00:00", "2026-10-28T09:15:00", "2026-11-24T09:15:00"),
        # Late at night in Dhaka is another day in UTC.
        ("2026-11-25T00:30:00", "2026-10-28T07:00:00", "2026-11-25T07:00:00"),
        ("2026-11-25T23:30:00", "2026-10-28T00:15:00", "2026-11-25T00:15:00"),
    ],
)
@pytest.mark.parametrize("session_zone", ["UTC", "Asia/Dhaka", "America/New_York"])
def test_scenario_57_suggested_time_does_not_depend_on_the_zone_of_the_host(
    db: Connection[Any], expected: str, last_visit: str | None, suggested: str, session_zone: str
) -> None:
    user, home = person(db), service(db)
    visits(db, user, home, ["2026-05-01T12:00:00"] if last_visit else [])
    if last_visit:
        booking(db, user, home, scheduled_at=last_visit)
    db.execute(f"set timezone = '{session_zone}'")
    found = value(db, "select outreach.suggested_booking_time(%s, %s, %s, %s)", user, home, at(expected), NOW)
    assert found == at(suggested)


@pytest.mark.parametrize(
    ("hours", "opened", "suggested"),
    [
        (3, "2026-11-24T13:00:00", "2026-11-24T16:00:00"),
        (3, "2026-11-24T13:00:01", "2026-11-25T16:00:00"),
        (0, "2026-11-24T16:00:00", "2026-11-24T16:00:00"),
        (24, "2026-11-24T13:00:00", "2026-11-25T16:00:00"),
        (48, "2026-11-25T16:00:01", "2026-11-28T16:00:00"),
    ],
)
def test_link_suggests_no_time_sooner_than_the_rule(
    db: Connection[Any], hours: int, opened: str, suggested: str
) -> None:
    set_rule(db, "link.suggest_ahead", hours)
    planned = at("2026-11-24T16:00:00")
    assert value(db, "select outreach.next_suggested_booking_time(%s, %s)", planned, at(opened)) == at(suggested)


def test_own_hours_outweigh_those_of_the_segment_with_enough_uses(db: Connection[Any]) -> None:
    home = service(db)
    for _ in range(30):
        booking(db, person(db), home, scheduled_at=NOW - 20 * DAY, created_at=at("2026-11-01T11:10:00"))
    morning, hardly = person(db), person(db)
    for days in range(12):
        booking(
            db, morning, home, scheduled_at=NOW - (5 + days) * DAY, created_at=at("2026-11-10T16:20:00") - days * DAY
        )
    value(db, "select smartengage.refresh_snapshots(%s)", NOW)

    def hour(user: UUID) -> int:
        found = value(
            db,
            "select t.send_at from smartengage.customer_segment c cross join lateral outreach.best_send_times("
            " array[c.user_id], array[c.segment], %s, %s, 'outreach', '09:00', '20:30') t where c.user_id = %s",
            NOW - 3 * HOUR, NOW + 21 * HOUR, user,
        )  # fmt: skip
        return int(found.astimezone(ZoneInfo("Asia/Dhaka")).hour)

    assert hour(hardly) == 11
    assert hour(morning) == 16


@pytest.mark.parametrize(
    ("segments", "hours"),
    [
        (["early", "late"], [10, 15]),
        (["late", "early"], [15, 10]),
        (["late", None], [15, 12]),
        (["late", "unheard of"], [15, 9]),
        (None, [12, 12]),
    ],
)
def test_each_person_gets_the_hours_of_their_segment(
    db: Connection[Any], segments: list[str | None] | None, hours: list[int]
) -> None:
    db.execute(
        "insert into outreach.hour_share (segment, local_hour, share, as_of)"
        " select s.segment, h, case when h = s.best then 0.77 else 0.01 end, %s"
        " from (values ('early', 10), ('late', 15), ('all', 12)) s (segment, best), generate_series(0, 23) h",
        [NOW],
    )
    users = [person(db), person(db)]
    found = rows(
        db, "select * from outreach.best_send_times(%s, %s, %s, %s, 'outreach', '09:00', '20:30')",
        users, segments, NOW - 3 * HOUR, NOW + 21 * HOUR,
    )  # fmt: skip
    best = {f["user_id"]: f["send_at"].astimezone(DHAKA).hour for f in found}
    assert [best[user] for user in users] == hours


def test_hour_shares_are_by_the_local_time_of_each_person(db: Connection[Any]) -> None:
    """Eleven in the morning local time for each of them."""
    home = service(db)
    for zone in (None, "Asia/Dhaka", "Europe/London", "America/New_York", "Not/AZone"):
        there = ZoneInfo(zone if zone and zone != "Not/AZone" else "Asia/Dhaka")
        made = datetime(2026, 11, 1, 11, 10, tzinfo=there)
        booking(db, person(db, time_zone=zone), home, scheduled_at=NOW - 20 * DAY, created_at=made)
    value(db, "select smartengage.refresh_snapshots(%s)", NOW)
    shares = rows(db, "select local_hour, share from outreach.hour_share where segment = 'all' order by share desc")
    assert shares[0]["local_hour"] == 11
    assert len({round(s["share"], 9) for s in shares[1:]}) == 1, "no other hour was used"


def test_booking_by_an_admin_is_no_app_use(db: Connection[Any]) -> None:
    user, home = reader(db), service(db)
    booking(db, user, home, scheduled_at=NOW - 9 * DAY, source="admin", worker_id=worker(db))
    booking(db, user, home, scheduled_at=NOW - 8 * DAY)
    assert len(rows(db, "select used_at from outreach.app_use(%s) where user_id = %s", NOW, user)) == 1


def test_people_with_the_same_best_hour_are_spread_over_it(db: Connection[Any]) -> None:
    """Two hundred people in one best hour: each at the instant of their bucket, and none on the hour."""
    home = service(db)
    users = [person(db) for _ in range(200)]
    booking(db, users[0], home, scheduled_at=NOW - 20 * DAY, created_at=at("2026-11-01T11:10:00"))
    value(db, "select smartengage.refresh_snapshots(%s)", NOW)
    found = rows(
        db,
        "select send_at, date_trunc('hour', send_at) = send_at as is_sharp"
        " from outreach.best_send_times(%s, array_fill('new'::text, array[%s]), %s, %s, 'outreach', '09:00', '20:30')",
        users[1:], len(users) - 1, NOW - 3 * HOUR, NOW + 21 * HOUR,
    )  # fmt: skip
    sends = [f["send_at"].astimezone(DHAKA) for f in found]
    expected = rows(
        db, "select %s + interval '1 hour' * stats.bucket(u, 'minute') as send_at from unnest(%s::uuid[]) u",
        at("2026-11-23T11:00:00"), users[1:],
    )  # fmt: skip
    assert sorted(sends) == sorted(e["send_at"] for e in expected)
    assert len({s.minute for s in sends}) > 45
    assert not any(f["is_sharp"] for f in found)


def test_machine_opens_are_no_app_use(db: Connection[Any]) -> None:
    user = reader(db)
    message_id = sent(db, user, NOW - 10 * DAY)
    record_event(db, message_id, "opened", NOW - 10 * DAY + HOUR, is_machine=True)
    record_event(db, message_id, "clicked", NOW - 10 * DAY + 2 * HOUR)
    uses = rows(db, "select used_at from outreach.app_use(%s) where user_id = %s", NOW, user)
    assert len(uses) == 1
