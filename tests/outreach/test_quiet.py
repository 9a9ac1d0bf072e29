"""Quiet windows and the next open window, compared minute by minute with local wall-clock time."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from psycopg import Connection
from psycopg.types.multirange import Multirange

from tests.marketplace import DHAKA, at
from tests.outbox import DAY, HOUR, MICRO, no_quiet_periods, value

Span = tuple[time, time, int | None]

NIGHT: Span = (time(21), time(8), None)
FRIDAY: Span = (time(11, 30), time(14, 30), 5)
WINDOW = (time(9), time(20, 30))


def quiet_windows(
    db: Connection[Any],
    since: datetime,
    until: datetime,
    zone: str = "Asia/Dhaka",
    *,
    purpose: str = "outreach",
    own: tuple[time, time] | None = None,
    window: tuple[time, time] | None = None,
) -> Multirange[datetime]:
    found: Multirange[datetime] = value(
        db,
        "select outreach.merged_quiet_windows(%s, %s, %s, %s, %s, %s, %s, %s)",
        since, until, zone, purpose, *(own or (None, None)), *(window or (None, None)),
    )  # fmt: skip
    return found


def next_open_instant(
    db: Connection[Any],
    moment: datetime,
    zone: str = "Asia/Dhaka",
    *,
    own: tuple[time, time] | None = None,
    window: tuple[time, time] | None = None,
) -> datetime | None:
    """None if there is none within 15 days."""
    return value(  # type: ignore[no-any-return]
        db,
        "select lower(outreach.next_open_window(%s, %s, 'outreach', %s, %s, %s, %s))",
        moment, zone, *(own or (None, None)), *(window or (None, None)),
    )  # fmt: skip


def on_the_wall(moment: datetime, zone: str, spans: list[Span]) -> bool:
    """Whether the local time is within a quiet span."""
    local = moment.astimezone(ZoneInfo(zone))
    day, clock = local.isoweekday(), local.time()
    yesterday = (day - 2) % 7 + 1
    for begins, ends, weekday in spans:
        if begins < ends:
            if begins <= clock < ends and weekday in (None, day):
                return True
        elif (clock >= begins and weekday in (None, day)) or (clock < ends and weekday in (None, yesterday)):
            return True
    return False


def covers(times: Multirange[datetime], moment: datetime) -> bool:
    return any((r.lower is None or r.lower <= moment) and (r.upper is None or moment < r.upper) for r in times)


@pytest.mark.parametrize(
    ("clock", "allowed"),
    [
        # A Monday: the night ends at eight.
        ("2026-11-23T07:59:59.999999", "2026-11-23T08:00:00"),
        ("2026-11-23T08:00:00", "2026-11-23T08:00:00"),
        ("2026-11-23T20:59:59.999999", "2026-11-23T20:59:59.999999"),
        ("2026-11-23T21:00:00", "2026-11-24T08:00:00"),
        ("2026-11-23T23:59:59.999999", "2026-11-24T08:00:00"),
        ("2026-11-24T00:00:00", "2026-11-24T08:00:00"),
        # Friday prayer.
        ("2026-11-27T11:29:59.999999", "2026-11-27T11:29:59.999999"),
        ("2026-11-27T11:30:00", "2026-11-27T14:30:00"),
        ("2026-11-27T14:29:59.999999", "2026-11-27T14:30:00"),
        ("2026-11-27T14:30:00", "2026-11-27T14:30:00"),
        ("2026-11-26T11:30:00", "2026-11-26T11:30:00"),
        ("2026-11-28T11:30:00", "2026-11-28T11:30:00"),
    ],
)
def test_the_edges_of_the_default_quiet_windows(db: Connection[Any], clock: str, allowed: str) -> None:
    assert next_open_instant(db, at(clock)) == at(allowed)


@pytest.mark.parametrize(
    ("clock", "allowed"),
    [
        ("2026-11-23T08:00:00", "2026-11-23T09:00:00"),
        ("2026-11-23T20:29:59.999999", "2026-11-23T20:29:59.999999"),
        ("2026-11-23T20:30:00", "2026-11-24T09:00:00"),
        ("2026-11-23T08:59:59.999999", "2026-11-23T09:00:00"),
    ],
)
def test_the_window_of_a_campaign(db: Connection[Any], clock: str, allowed: str) -> None:
    assert next_open_instant(db, at(clock), window=WINDOW) == at(allowed)


@pytest.mark.parametrize(
    ("own", "clock", "allowed"),
    [
        ((time(14), time(16)), "2026-11-23T15:00:00", "2026-11-23T16:00:00"),
        ((time(14), time(16)), "2026-11-23T16:00:00", "2026-11-23T16:00:00"),
        ((time(19), time(10)), "2026-11-23T19:00:00", "2026-11-24T10:00:00"),
        ((time(19), time(10)), "2026-11-23T09:59:59.999999", "2026-11-23T10:00:00"),
        # Own hours add to the general ones and never open the night.
        ((time(9), time(10)), "2026-11-23T07:00:00", "2026-11-23T08:00:00"),
    ],
)
def test_own_quiet_hours_add_to_the_general_ones(
    db: Connection[Any], own: tuple[time, time], clock: str, allowed: str
) -> None:
    assert next_open_instant(db, at(clock), own=own) == at(allowed)


def test_dated_quiet_period_lasts_all_day(db: Connection[Any]) -> None:
    db.execute(
        "insert into policy.quiet_period (name, during, created_at, author, reason) values"
        " ('eid', tstzrange('2026-11-24 00:00+06', '2026-11-27 00:00+06'), now(), 'ops', 'moon sighted')"
    )
    assert next_open_instant(db, at("2026-11-23T21:30:00")) == at("2026-11-27T08:00:00")
    assert next_open_instant(db, at("2026-11-23T20:00:00")) == at("2026-11-23T20:00:00")
    # Afternoons of a range of dates, such as Ramadan.
    db.execute(
        "insert into policy.quiet_period (name, from_time, until_time, during, created_at, author, reason) values"
        " ('iftar', '16:00', '19:00', tstzrange('2026-12-01 00:00+06', '2026-12-03 00:00+06'), now(), 'ops', 'fasting')"
    )
    assert next_open_instant(db, at("2026-12-02T17:00:00")) == at("2026-12-02T19:00:00")
    assert next_open_instant(db, at("2026-12-03T17:00:00")) == at("2026-12-03T17:00:00")


def test_period_of_one_purpose_does_not_bind_others(db: Connection[Any]) -> None:
    no_quiet_periods(db)
    db.execute(
        "insert into policy.quiet_period (name, purpose, from_time, until_time, created_at, author, reason) values"
        " ('shift', 'coaching', '09:00', '17:00', now(), 'ops', 'at work')"
    )
    noon = at("2026-11-23T12:00:00")
    assert not covers(quiet_windows(db, noon, noon + DAY), noon)
    assert covers(quiet_windows(db, noon, noon + DAY, purpose="coaching"), noon)


def test_quiet_of_a_fortnight_ends_and_longer_has_no_next_window(db: Connection[Any]) -> None:
    begin = at("2026-11-23T00:00:00")
    for days, name in [(10, "strike"), (40, "flood")]:
        db.execute(
            "insert into policy.quiet_period (name, during, created_at, author, reason) values (%s,"
            " tstzrange(%s, %s), now(), 'o', 'r')",
            [
                name,
                begin + timedelta(days=0 if days == 10 else 100),
                begin + timedelta(days=days + (0 if days == 10 else 100)),
            ],
        )
    assert next_open_instant(db, begin) == begin + timedelta(days=10, hours=8)
    assert next_open_instant(db, begin + timedelta(days=100)) is None


def test_quiet_at_every_hour_has_no_next_window(db: Connection[Any]) -> None:
    assert next_open_instant(db, at("2026-11-23T10:00:00"), own=(time(8), time(21))) is None


TRANSITIONS = [
    ("Europe/London", "2026-03-29"),
    ("Europe/London", "2026-10-25"),
    ("America/New_York", "2026-03-08"),
    ("America/New_York", "2026-11-01"),
    ("America/Santiago", "2026-04-05"),
    ("America/Santiago", "2026-09-06"),
    ("Australia/Lord_Howe", "2026-04-05"),
    ("Australia/Lord_Howe", "2026-10-04"),
    ("America/Havana", "2026-11-01"),
    ("Africa/Cairo", "2026-04-24"),
    ("Asia/Kathmandu", "2026-11-25"),
    ("Asia/Dhaka", "2026-11-27"),
]


def shift_near(moment: datetime, zone: str) -> bool:
    """Whether clocks change within an hour and a half."""
    there = ZoneInfo(zone)
    return len({(moment + m * timedelta(minutes=30)).astimezone(there).utcoffset() for m in range(-3, 4)}) > 1


SPANS: list[list[Span]] = [
    [NIGHT, FRIDAY],
    [(time(1, 30), time(6), None)],
    [(time(2, 15), time(2, 45), None)],
    [(time(23, 30), time(0, 30), None)],
    [(time(22), time(2, 30), 6)],
    [(time(9), time(1, 15), None)],
]


@pytest.mark.parametrize(("zone", "day"), TRANSITIONS)
def test_quiet_windows_match_local_time(db: Connection[Any], zone: str, day: str) -> None:
    """Also where clocks change: within an hour of a change more may be quiet, never less."""
    since = datetime.fromisoformat(day).replace(tzinfo=UTC) - DAY
    until = since + 3 * DAY
    for spans in SPANS:
        no_quiet_periods(db)
        for begins, ends, weekday in spans:
            db.execute(
                "insert into policy.quiet_period (name, isodow, from_time, until_time, created_at, author, reason)"
                " values ('test', %s, %s, %s, now(), 'tester', 'a test')",
                [weekday, begins, ends],
            )
        times = quiet_windows(db, since, until, zone)
        moment = since
        while moment < until:
            wall, ours = on_the_wall(moment, zone, spans), covers(times, moment)
            if wall != ours:
                assert ours, f"{spans}: not quiet at {moment.astimezone(ZoneInfo(zone))}"
                assert shift_near(moment, zone), f"{spans}: quiet at {moment.astimezone(ZoneInfo(zone))}"
            moment += timedelta(minutes=10 if spans[0] is NIGHT else 15)


@pytest.mark.parametrize("zone", ["Europe/London", "America/New_York"])
def test_next_open_instant_is_open_and_never_earlier(db: Connection[Any], zone: str) -> None:
    for day in ("2026-03-08", "2026-03-29", "2026-10-25", "2026-11-01"):
        moment = datetime.fromisoformat(day).replace(tzinfo=UTC) - 12 * HOUR
        for _ in range(12):
            found = next_open_instant(db, moment, zone, window=WINDOW)
            assert found is not None
            assert found >= moment
            assert not on_the_wall(found, zone, [NIGHT, FRIDAY, (WINDOW[1], WINDOW[0], None)])
            assert next_open_instant(db, found, zone, window=WINDOW) == found
            moment += 3 * HOUR


def test_the_last_microsecond_before_the_night(db: Connection[Any]) -> None:
    nine = datetime(2026, 11, 23, 21, tzinfo=DHAKA)
    times = quiet_windows(db, nine - HOUR, nine + HOUR)
    assert not covers(times, nine - MICRO)
    assert covers(times, nine)
