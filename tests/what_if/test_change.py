"""What-if, case by case: quiet times that are added, left out or replaced."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from psycopg import Connection

from tests.outbox import DAY, HOUR, NOW, message, no_quiet_periods, reader, sent, set_rule, value
from tests.what_if.replays import changes, run_until_idle, told


def period(db: Connection[Any], name: str) -> str:
    found: str = value(db, "select quiet_period_id::text from policy.quiet_period where name = %s", name)
    return found


def test_a_deferred_instant_that_is_quiet_is_passed_over(db: Connection[Any]) -> None:
    user = reader(db)
    sent(db, user, NOW)
    second = sent(db, user, NOW + 25 * HOUR)
    # 37 hours later it is eleven at night; the next morning at eight it goes, or within the hour, where it would have.
    morning = NOW + 46 * HOUR
    goes_at = value(
        db, "select outreach.deferred_until(%s, tstzrange(%s, %s), %s, '1 hour', '10 minutes')",
        second, morning, morning + 13 * HOUR, morning + DAY,
    )  # fmt: skip
    assert morning < goes_at < morning + HOUR
    policy = {"outreach_daily": {"window_hours": 37}}
    assert told(db, policy) == [("later", NOW + 25 * HOUR, goes_at, None)]
    set_rule(db, "quiet.spread", 0)
    assert told(db, policy) == [("later", NOW + 25 * HOUR, morning, None)]


def test_what_falls_into_a_quiet_period_that_is_tried_waits_for_its_end_or_is_dropped(db: Connection[Any]) -> None:
    no_quiet_periods(db)
    set_rule(db, "quiet.spread", 0)
    user = reader(db)
    sent(db, user, NOW)  # ten in the morning
    sent(db, user, NOW + 8 * DAY, useful_until=NOW + 8 * DAY + HOUR)
    nightly = {"from_time": "22:00", "until_time": "10:00"}
    assert told(db, {"quiet_period": nightly}) == []
    assert told(db, {"quiet_period": nightly | {"until_time": "10:01"}}) == [
        ("later", NOW, NOW + timedelta(minutes=1), None),
        ("later", NOW + 8 * DAY, NOW + 8 * DAY + timedelta(minutes=1), None),
    ]
    assert told(db, {"quiet_period": nightly | {"until_time": "11:30"}}) == [
        ("later", NOW, NOW + 1.5 * HOUR, None),
        ("no_longer", NOW + 8 * DAY, None, "quiet"),
    ]
    assert told(db, {"quiet_period": nightly | {"until_time": "11:30", "purpose": "coaching"}}) == []
    assert told(db, {"quiet_period": {"since": NOW.isoformat(), "until": (NOW + DAY).isoformat()}}) == [
        ("later", NOW, NOW + DAY, None),
    ]


def test_quiet_by_what_is_tried_goes_on_with_what_was_quiet_and_ends_in_the_next_place(db: Connection[Any]) -> None:
    """From eight in the evening instead of nine; the next at eight in the morning is another one's, a day after it."""
    set_rule(db, "quiet.spread", 0)
    user = reader(db)
    sent(db, user, NOW + 10.5 * HOUR, useful_until=NOW + 9 * DAY)
    sent(db, user, NOW + 34.5 * HOUR, useful_until=NOW + 9 * DAY)
    tried = {"quiet_period": {"from_time": "20:00", "until_time": "21:00"}}
    assert told(db, tried) == [
        ("later", NOW + 10.5 * HOUR, NOW + 22 * HOUR, None),
        ("later", NOW + 34.5 * HOUR, NOW + 46 * HOUR, None),
    ]


def test_without_a_quiet_period_what_was_put_off_goes_when_it_was_first_stopped(db: Connection[Any]) -> None:
    """The night of policy; between half past ten at night and the morning only the spread is left to chance."""
    set_rule(db, "quiet.spread", 0)
    user, night = reader(db), period(db, "night")
    late = NOW + 12.5 * HOUR
    message(db, user, due=late, useful_until=NOW + 9 * DAY)
    lost = message(db, reader(db), due=late + HOUR, useful_until=late + 2 * HOUR)
    run_until_idle(db)
    morning = NOW + 22 * HOUR
    assert told(db, {}) == []
    assert told(db, {"instead_of": night}) == [("earlier", morning, late, None), ("newly", None, late + HOUR, None)]
    assert changes(db, {"instead_of": night})[1]["message_id"] == lost
    # Narrower by its end; by its beginning; and what is not given stays as it is.
    assert told(db, {"instead_of": night, "quiet_period": {"until_time": "07:00"}}) == [
        ("earlier", morning, morning - HOUR, None)
    ]
    assert told(db, {"instead_of": night, "quiet_period": {"from_time": "22:45"}}) == [
        ("earlier", morning, late, None),
    ]
    assert told(db, {"instead_of": night, "quiet_period": {"from_time": "23:45"}}) == [
        ("earlier", morning, late, None),
        ("newly", None, late + HOUR, None),
    ]
    assert told(db, {"instead_of": night, "quiet_period": {"from_time": "20:00"}}) == []
    # Another one than those that held it.
    assert told(db, {"instead_of": period(db, "friday_prayer")}) == []
    assert told(db, {"instead_of": night, "quiet_period": {"until_time": "09:30"}}) == [
        ("later", morning, morning + 1.5 * HOUR, None)
    ]


def test_own_quiet_hours_hold_whatever_is_tried(db: Connection[Any]) -> None:
    """From six in the evening to nine in the morning: what a cap puts off into them waits for their end, too."""
    set_rule(db, "quiet.spread", 0)
    user, night = reader(db, quiet_from="18:00", quiet_until="09:00"), period(db, "night")
    sent(db, user, NOW)
    sent(db, user, NOW + 25 * HOUR)
    capped = {"outreach_daily": {"window_hours": 37}}
    assert told(db, capped) == [("later", NOW + 25 * HOUR, NOW + 47 * HOUR, None)]
    message(db, user, due=NOW + 60 * HOUR, useful_until=NOW + 9 * DAY)
    run_until_idle(db)
    assert told(db, {"instead_of": night}) == []
    assert told(db, capped | {"instead_of": night})[0] == ("later", NOW + 25 * HOUR, NOW + 47 * HOUR, None)


def test_what_goes_earlier_without_a_quiet_period_takes_its_place_under_the_caps(db: Connection[Any]) -> None:
    set_rule(db, "quiet.spread", 0)
    user, night = reader(db), period(db, "night")
    late, morning = NOW + 12.5 * HOUR, NOW + 22 * HOUR
    message(db, user, due=late, useful_until=NOW + 9 * DAY)
    message(db, user, due=morning + HOUR, useful_until=NOW + 9 * DAY)
    run_until_idle(db)
    assert told(db, {"instead_of": night}) == [
        ("earlier", morning, late, None),
        ("earlier", morning + 24 * HOUR, late + 24 * HOUR, None),
    ]
    # And one that waited for the night's end and then for a cap waits for the cap alone.
    assert told(db, {"instead_of": night, "outreach_daily": {"max_messages": 0}}) == [
        ("no_longer", morning, None, "outreach_daily"),
        ("no_longer", morning + 24 * HOUR, None, "outreach_daily"),
    ]


def test_an_urgent_message_that_waited_for_the_morning_passes_over_the_caps(db: Connection[Any]) -> None:
    set_rule(db, "quiet.spread", 0)
    user, night = reader(db), period(db, "night")
    sent(db, user, NOW)
    late, morning = NOW + 12.5 * HOUR, NOW + 22 * HOUR
    message(db, user, due=late, message_class="urgent", exempt_reason="flood", kind="announcement")
    run_until_idle(db)
    assert told(db, {"instead_of": night}) == [("earlier", morning, late, None)]
    longer = {"instead_of": night, "quiet_period": {"until_time": "09:30"}}
    assert told(db, longer) == [("later", morning, morning + 1.5 * HOUR, None)]


def test_what_is_put_off_keeps_its_place_in_the_spread(db: Connection[Any]) -> None:
    """It is drawn by the id: an hour earlier to the microsecond."""
    user, night = reader(db), period(db, "night")
    one = message(db, user, due=NOW + 12.5 * HOUR, useful_until=NOW + 9 * DAY)
    run_until_idle(db)
    went_at = value(db, "select sent_at from outreach.delivery where message_id = %s", one)
    assert NOW + 22 * HOUR < went_at < NOW + 23 * HOUR
    assert told(db, {"instead_of": night, "quiet_period": {"until_time": "07:00"}}) == [
        ("earlier", went_at, went_at - HOUR, None)
    ]
