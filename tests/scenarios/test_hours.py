"""When a message goes: whose day, whose night, whose clock."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from psycopg import Connection

from tests.conftest import Clock
from tests.marketplace import at, booking, campaign, person, rhythm, service
from tests.outbox import DAY, HOUR, MICRO, NOW, claim, message, reader, row, rows, set_rule, state, value


def test_scenario_27_the_day_is_dhakas_not_utcs(db: Connection[Any], clock: Clock) -> None:
    """Midnight in Dhaka is 18:00 UTC: the daily run belongs to the local day on both sides of either midnight."""
    campaign_id = campaign(db)
    days = {}
    for moment in ("2026-11-23T00:00:00+06:00", "2026-11-23T05:59:00+06:00", "2026-11-23T06:01:00+06:00",
                   "2026-11-23T23:59:59.999999+06:00", "2026-11-24T00:00:00+06:00"):  # fmt: skip
        clock.set(moment)
        planned = value(db, "select jobs.plan_daily()")
        days[moment] = (planned["day"], planned["runs"][0]["already"])
    assert list(days.values()) == [
        ("2026-11-23", False),
        ("2026-11-23", True),
        ("2026-11-23", True),
        ("2026-11-23", True),
        ("2026-11-24", False),
    ]
    assert value(db, "select count(*) from smartengage.run where campaign_id = %s", campaign_id) == 2


def test_scenario_27_two_visits_late_one_local_evening_are_one_visit(db: Connection[Any]) -> None:
    """23:30 and 00:30 are one day in UTC, 05:30 and 06:30 are two; in Dhaka it is the reverse."""
    home = service(db)
    apart, together = reader(db), reader(db)
    for user, clocks in [(apart, ("2026-11-01T23:30:00", "2026-11-02T00:30:00")),
                         (together, ("2026-11-01T05:30:00", "2026-11-01T06:30:00"))]:  # fmt: skip
        for moment in clocks:
            booking(db, user, home, scheduled_at=at(moment) - 2 * HOUR, completed_at=moment)
    # One visit makes no rhythm, so only who came on two days is predicted at all.
    scored = rows(db, "select customer_id, visits from prediction.score(%s)", NOW)
    assert {v["customer_id"]: v["visits"] for v in scored} == {apart: 2}


@pytest.mark.parametrize(
    ("zone", "clock", "goes_at"),
    [
        ("Asia/Dhaka", "2026-11-23T20:59:59+06:00", None),
        ("Asia/Dhaka", "2026-11-23T21:00:00+06:00", "2026-11-24T08:00:00+06:00"),
        ("Asia/Dhaka", "2026-11-24T03:00:00+06:00", "2026-11-24T08:00:00+06:00"),
        ("Asia/Dhaka", "2026-11-24T08:00:00+06:00", None),
        # Ten in the morning in Dhaka is four at night in London and eleven in the evening in New York.
        ("Europe/London", "2026-11-23T10:00:00+06:00", "2026-11-23T08:00:00+00:00"),
        ("America/New_York", "2026-11-23T10:00:00+06:00", "2026-11-23T08:00:00-05:00"),
        ("America/New_York", "2026-11-24T00:00:00+06:00", None),
        # Another half hour, another quarter, the other side of the date line.
        ("Asia/Kolkata", "2026-11-23T21:29:00+06:00", None),
        ("Asia/Kathmandu", "2026-11-23T21:15:00+06:00", "2026-11-24T08:00:00+05:45"),
        ("Pacific/Kiritimati", "2026-11-23T13:00:00+06:00", "2026-11-24T08:00:00+14:00"),
        # Nobody's zone and an invalid one: as in Dhaka.
        (None, "2026-11-23T21:00:00+06:00", "2026-11-24T08:00:00+06:00"),
        ("Mars/Olympus", "2026-11-23T21:00:00+06:00", "2026-11-24T08:00:00+06:00"),
    ],
)
def test_scenario_28_the_night_spans_midnight_in_everybodys_zone(
    db: Connection[Any], zone: str | None, clock: str, goes_at: str | None
) -> None:
    set_rule(db, "quiet.spread", 0)
    moment = datetime.fromisoformat(clock)
    message_id = message(db, reader(db, time_zone=zone), due=moment)
    answer = claim(db, moment)
    now = state(db, message_id)
    if goes_at is None:
        assert answer["claimed"] == 1, now
        return
    assert (answer["deferred"], now["reason"]) == (1, "quiet"), now
    assert now["due_at"] == datetime.fromisoformat(goes_at)
    assert claim(db, now["due_at"] - MICRO)["claimed"] == 0
    assert claim(db, now["due_at"])["claimed"] == 1


def test_scenario_28_own_quiet_hours_across_midnight_win(db: Connection[Any]) -> None:
    set_rule(db, "quiet.spread", 0)
    user = reader(db, quiet_from=time(19), quiet_until=time(11))
    message_id = message(db, user, due=at("2026-11-23T19:30:00"))
    assert claim(db, at("2026-11-23T19:30:00"))["deferred"] == 1
    assert state(db, message_id)["due_at"] == at("2026-11-24T11:00:00")


def test_scenario_28_a_code_is_not_held_at_night(db: Connection[Any]) -> None:
    moment = at("2026-11-24T03:00:00")
    user = reader(db, consents=(), quiet_from=time(0), quiet_until=time(12))
    code = message(db, user, due=moment, message_class="one_time_code")
    reminder = message(db, reader(db), due=moment)
    assert claim(db, moment)["claimed"] == 1
    assert (state(db, code)["state"], state(db, reminder)["state"]) == ("claimed", "scheduled")


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Europe/London", "2026-03-28"),
        ("Europe/London", "2026-10-24"),
        ("America/New_York", "2026-03-07"),
        ("America/New_York", "2026-10-31"),
        ("America/Santiago", "2026-09-05"),
        ("Australia/Lord_Howe", "2026-10-03"),
    ],
)
def test_scenario_29_clocks_that_change_make_no_loop_and_no_send_outside_the_window(
    db: Connection[Any], zone: str, day: str
) -> None:
    """Every hour of three days: one claim either sends within the window on the wall, or defers into it at once."""
    there = ZoneInfo(zone)
    set_rule(db, "quiet.spread", 0)
    since = datetime.fromisoformat(day).replace(tzinfo=UTC)
    value(db, "select policy.change_cap('outreach_daily', null, 24, 't', 't', %s)", since - DAY)
    value(db, "select policy.change_cap('outreach_weekly', null, 168, 't', 't', %s)", since - DAY)
    user = reader(db, time_zone=zone)

    def within(moment: datetime) -> bool:
        return time(9) <= moment.astimezone(there).time() < time(20, 30)

    for hours in range(0, 72, 2):
        moment = since + hours * HOUR
        message_id = message(
            db, user, due=moment, useful_until=moment + 5 * DAY, window_from=time(9), window_until=time(20, 30)
        )
        answer = claim(db, moment, limit=1000)
        now = state(db, message_id)
        assert answer["claimed"] + answer["deferred"] == 1
        assert (answer["claimed"] == 1) == within(moment)
        if answer["deferred"]:
            assert now["due_at"] > moment
            assert within(now["due_at"])
            assert not within(now["due_at"] - MICRO)
            db.execute("delete from outreach.claim_denial where message_id = %s", [message_id])
            db.execute("delete from outreach.message where message_id = %s", [message_id])


def test_scenario_30_one_invalid_zone_among_many_loses_nobody_else(db: Connection[Any]) -> None:
    home = service(db)
    zones = [
        None,
        "Asia/Dhaka",
        "Europe/London",
        "Not/AZone",
        "",
        "'; drop table",
        "UTC+6",
        "asia/dhaka ",
        "Asia/Dhaka",
    ]
    users = [reader(db, time_zone=zone) for zone in zones]
    for user in users:
        rhythm(db, user, home, last=NOW - 26 * DAY)
    set_rule(db, "holdout.global_share", 0)
    campaign_id = campaign(db)
    value(db, "select smartengage.refresh_snapshots(%s)", NOW)
    run = value(db, "select smartengage.plan_reminder_run(%s, 'once', %s)", campaign_id, NOW)
    assert (run["candidates"], run["messages"]) == (len(zones), len(zones))
    invalid = {r["time_zone"] for r in rows(db, "select time_zone from account.person_with_invalid_zone")}
    assert {"Not/AZone", "", "'; drop table", "asia/dhaka "} <= invalid
    # And all of them go out, each at an allowed hour of the zone they are taken to be in.
    latest = value(db, "select max(due_at) from outreach.message")
    moment = NOW
    while moment <= latest + HOUR:
        claim(db, moment)
        moment += HOUR
    assert value(db, "select count(*) from outreach.message where state = 'claimed'") == len(zones)


def test_scenario_31_a_best_hour_within_quiet_gives_the_best_allowed_one(db: Connection[Any]) -> None:
    """Someone who books at 22:00, and a little at 19:00: not the window's edge, not 22:00, but 19:00."""
    home = service(db)
    owl, lark = person(db), person(db)
    for days in range(1, 21):
        booking(db, owl, home, scheduled_at=NOW - days * 10 * DAY,
                created_at=at("2026-11-22T22:15:00") - days * 10 * DAY)  # fmt: skip
        booking(db, lark, home, scheduled_at=NOW - days * 10 * DAY,
                created_at=at("2026-11-22T05:15:00") - days * 10 * DAY)  # fmt: skip
    for days in range(1, 11):
        booking(db, owl, home, scheduled_at=NOW - days * 10 * DAY + HOUR,
                created_at=at("2026-11-22T18:30:00") - days * 10 * DAY)  # fmt: skip
    value(db, "select smartengage.refresh_snapshots(%s)", NOW - 3 * HOUR)

    def best(user: Any, **window: Any) -> datetime:
        found = row(
            db, "select * from outreach.best_send_times(array[%s], array[(select c.segment from smartengage.customer_segment c"
            " where c.user_id = %s)], %s, %s, 'outreach', %s, %s)",
            user, user, NOW - 3 * HOUR, NOW + 21 * HOUR, window.get("since", time(9)), window.get("until", time(20, 30)),
        )  # fmt: skip
        sent_at: datetime = found["send_at"]
        return sent_at.astimezone(ZoneInfo("Asia/Dhaka"))

    assert best(owl).hour == 18
    # Someone whose hour is at night and who shows no other: at the hour the others use, and at an allowed one.
    assert 9 <= best(lark).hour < 21
    # The owl may be written to late by a campaign whose window allows it, up to the night.
    assert best(owl, until=time(21)).hour == 18
    spread = {best(person(db), since=time(9), until=time(20, 30)).minute for _ in range(6)}
    assert len(spread) > 1, "sends are spread within the hour"


def test_nobody_is_sent_to_where_there_is_no_allowed_time(db: Connection[Any]) -> None:
    user = person(db, quiet_from=time(0), quiet_until=time(23, 59, 59))
    assert (
        rows(
            db,
            "select * from outreach.best_send_times(array[%s], null, %s, %s, 'outreach', '09:00', '20:30')",
            user,
            NOW,
            NOW + DAY,
        )
        == []
    )
