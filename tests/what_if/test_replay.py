"""What-if, case by case: caps, what is refused, what is kept."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest
from psycopg import Connection

from tests.outbox import (
    DAY,
    HOUR,
    MICRO,
    NOW,
    claim,
    message,
    new_cap,
    no_quiet_periods,
    reader,
    record_event,
    record_outcome,
    rows,
    sent,
    sent_by_hand,
    set_cap,
    value,
    withdraw,
)
from tests.what_if.replays import LIMITLESS, changes, run_until_idle, told


def test_a_send_beyond_a_stricter_cap_waits_for_its_exact_instant_or_is_dropped(db: Connection[Any]) -> None:
    no_quiet_periods(db)
    user = reader(db)
    first = NOW + timedelta(microseconds=7)
    sent(db, user, first)
    sent(db, user, NOW + 30 * HOUR, useful_until=first + 48 * HOUR)
    assert told(db, {"outreach_daily": {"window_hours": 29}}) == []
    assert told(db, {"outreach_daily": {"window_hours": 30}}) == [
        ("later", NOW + 30 * HOUR, first + 30 * HOUR, None),
    ]
    assert told(db, {"outreach_daily": {"window_hours": 31}}) == [
        ("later", NOW + 30 * HOUR, first + 31 * HOUR, None),
    ]
    assert told(db, {"outreach_daily": {"window_hours": 48}}) == [
        ("later", NOW + 30 * HOUR, first + 48 * HOUR, None),
    ]
    assert told(db, {"outreach_daily": {"window_hours": 49}}) == [
        ("no_longer", NOW + 30 * HOUR, None, "outreach_daily"),
    ]
    assert told(db, {"outreach_daily": {"max_messages": 0}}) == [
        ("no_longer", first, None, "outreach_daily"),
        ("no_longer", NOW + 30 * HOUR, None, "outreach_daily"),
    ]


def test_what_waited_for_a_cap_goes_at_once_without_it(db: Connection[Any]) -> None:
    no_quiet_periods(db)
    user = reader(db)
    sent(db, user, NOW)
    message(db, user, due=NOW + HOUR)
    run_until_idle(db)
    assert told(db, {}) == []
    assert told(db, LIMITLESS) == [("earlier", NOW + DAY, NOW + HOUR, None)]
    assert told(db, {"outreach_daily": {"window_hours": 12}}) == [("earlier", NOW + DAY, NOW + 12 * HOUR, None)]


def test_what_a_cap_refused_goes_without_it(db: Connection[Any]) -> None:
    no_quiet_periods(db)
    user = reader(db)
    sent(db, user, NOW)
    message(db, user, due=NOW + HOUR, useful_until=NOW + 2 * HOUR)
    run_until_idle(db)
    assert told(db, {}) == []
    assert told(db, LIMITLESS) == [("newly", None, NOW + HOUR, None)]


def test_what_one_message_gives_up_another_takes(db: Connection[Any]) -> None:
    """The second had to wait for the first; where the first never goes, it goes at once."""
    no_quiet_periods(db)
    user = reader(db)
    new_cap(db, "sms_never", None, 24, channel="email")
    sent(db, user, NOW)
    sent(db, user, NOW + 25 * HOUR, useful_until=NOW + 26 * HOUR)
    message(db, user, due=NOW + 48 * HOUR, useful_until=NOW + 9 * DAY)
    run_until_idle(db)
    assert told(db, {}) == []
    assert told(db, {"outreach_daily": {"window_hours": 27}}) == [
        ("no_longer", NOW + 25 * HOUR, None, "outreach_daily"),
        ("earlier", NOW + 7 * DAY, NOW + 48 * HOUR, None),
    ]


def test_an_exempt_message_goes_whatever_the_caps_and_takes_its_place(db: Connection[Any]) -> None:
    no_quiet_periods(db)
    user = reader(db)
    sent(db, user, NOW, message_class="urgent", exempt_reason="flood", kind="announcement")
    sent(db, user, NOW + 25 * HOUR)
    assert told(db, {"outreach_daily": {"window_hours": 26}}) == [("later", NOW + 25 * HOUR, NOW + 26 * HOUR, None)]


def test_a_place_given_back_counts_only_until_then(db: Connection[Any]) -> None:
    no_quiet_periods(db)
    user = reader(db)
    lost = message(db, user, due=NOW)
    claim(db, NOW)
    second = message(db, user, due=NOW + HOUR, useful_until=NOW + 9 * DAY)
    claim(db, NOW + HOUR)  # capped: the first may have gone
    record_outcome(db, lost, "refused", NOW + 2 * HOUR)
    message(db, user, due=NOW + 3 * HOUR)
    run_until_idle(db)
    went_at = value(db, "select sent_at from outreach.delivery where message_id = %s", second)
    assert went_at == NOW + 27 * HOUR
    assert told(db, {}) == []
    assert ("earlier", NOW + 27 * HOUR, NOW + HOUR, None) in told(db, LIMITLESS)


def test_who_opted_out_or_booked_meanwhile_gets_nothing_later(db: Connection[Any]) -> None:
    no_quiet_periods(db)
    user = reader(db)
    sent(db, user, NOW)
    sent(db, user, NOW + 25 * HOUR)
    withdraw(db, user, NOW + 30 * HOUR)
    assert told(db, {"outreach_daily": {"window_hours": 28}}) == [("later", NOW + 25 * HOUR, NOW + 28 * HOUR, None)]
    assert told(db, {"outreach_daily": {"window_hours": 40}}) == [("no_longer", NOW + 25 * HOUR, None, "no_consent")]


def test_bookings_at_risk_are_those_that_the_message_brought_before_it_would_have_come(db: Connection[Any]) -> None:
    no_quiet_periods(db)
    user = reader(db)
    sent(db, user, NOW)
    second = sent(db, user, NOW + 25 * HOUR)
    record_event(db, second, "booked", NOW + 30 * HOUR)
    assert [c["bookings"] for c in changes(db, {"outreach_daily": {"window_hours": 30}})] == [0]
    assert [c["bookings"] for c in changes(db, {"outreach_daily": {"window_hours": 31}})] == [1]
    assert [c["bookings"] for c in changes(db, {"outreach_daily": {"max_messages": 0}})] == [0, 1]


def test_each_version_of_a_cap_binds_its_own_time(db: Connection[Any]) -> None:
    no_quiet_periods(db)
    user = reader(db)
    sent(db, user, NOW)
    set_cap(db, "outreach_daily", 2, 24, NOW + HOUR)
    sent(db, user, NOW + 2 * HOUR)
    set_cap(db, "outreach_daily", 1, 24, NOW + 3 * HOUR)
    message(db, user, due=NOW + 8 * DAY)
    message(db, user, due=NOW + 8 * DAY + HOUR)
    run_until_idle(db)
    assert told(db, {}) == []
    assert [c[0] for c in told(db, {"outreach_daily": {"max_messages": 1}})] == ["later"]


def test_a_history_that_no_policy_made_is_not_called_reproduced(db: Connection[Any], superuser_url: str) -> None:
    """The check can fail: a claimed sending moved past its cap by somebody who may do anything is found."""
    no_quiet_periods(db)
    user = reader(db)
    sent(db, user, NOW)
    second = sent(db, user, NOW + 25 * HOUR)
    assert told(db, {}) == []
    with psycopg.connect(superuser_url, autocommit=True) as mighty:
        mighty.execute("set session_replication_role = replica")
        mighty.execute("update outreach.delivery set sent_at = %s where message_id = %s", [NOW + 23 * HOUR, second])
    assert told(db, {}) == [("later", NOW + 23 * HOUR, NOW + 24 * HOUR, None)]


def test_what_was_written_by_hand_stays(db: Connection[Any]) -> None:
    no_quiet_periods(db)
    user = reader(db)
    sent_by_hand(db, user, NOW)
    sent(db, user, NOW + 25 * HOUR)
    assert told(db, {"outreach_daily": {"max_messages": 0}}) == [("no_longer", NOW + 25 * HOUR, None, "outreach_daily")]


@pytest.mark.parametrize(
    ("policy", "field"),
    [
        ({"outreach_daily": {"max_messages": -1}}, "value"),
        ({"outreach_daily": {"max_messages": 1.5}}, "value"),
        ({"outreach_daily": {"window_hours": 0}}, "value"),
        ({"outreach_daily": {"window_hours": 8785}}, "value"),
        ({"outreach_daily": {"window_hours": None}}, "value"),
        ({"outreach_daily": {"limit": 3}}, "value"),
        ({"outreach_daily": {}}, "value"),
        ({"outreach_daily": 3}, "value"),
        ({"reminder.min_p14": 0.5}, "rule"),
        ({"reminder.useful_for": 1, "outreach_daily": {"max_messages": 2}}, "rule"),
        ({"quiet_period": {}}, "quiet_period.until"),
        ({"quiet_period": None}, "quiet_period"),
        ({"quiet_period": {"from_time": "21:00"}}, "quiet_period.until_time"),
        ({"quiet_period": {"from_time": "25:00", "until_time": "08:00"}}, "quiet_period"),
        ({"quiet_period": {"from_time": "21:00", "until_time": "20:00"}}, "quiet_period.until"),
        ({"quiet_period": {"from_time": "21:00", "until_time": "08:00", "weekday": 8}}, "quiet_period"),
        ({"quiet_period": {"from_time": "21:00", "until_time": "08:00", "name": "night"}}, "quiet_period"),
        ({"instead_of": None}, "instead_of"),
        ({"instead_of": "night"}, "instead_of"),
        ({"no_such_rule": 2}, "rule"),
        ([], "value"),
        (None, "value"),
    ],
)
def test_what_history_cannot_tell_is_refused_with_the_field(db: Connection[Any], policy: Any, field: str) -> None:
    with pytest.raises(psycopg.Error) as refusal:
        changes(db, policy)
    assert (refusal.value.sqlstate, refusal.value.diag.column_name) == ("SH422", field)


@pytest.mark.parametrize(("since", "until"), [(NOW, NOW), (NOW, NOW - DAY), (NOW - 367 * DAY, NOW), (NOW, NOW + MICRO)])
def test_a_period_that_is_no_history_is_refused(db: Connection[Any], since: datetime, until: datetime) -> None:
    with pytest.raises(psycopg.Error) as refusal:
        value(db, "select count(*) from what_if.comparison(%s, %s, '{}', %s)", since, until, NOW)
    assert (refusal.value.sqlstate, refusal.value.diag.column_name) == ("SH422", "since")


def test_decisions_are_kept_as_long_as_a_year_may_be_asked_for_and_the_oldest_go_first(db: Connection[Any]) -> None:
    user, at = reader(db), NOW + 13 * HOUR
    for days in (402, 401, 400, 399):
        # At eleven at night, and in the morning of no use any more.
        message(db, user, due=at - days * DAY, useful_until=at - days * DAY + HOUR)
        claim(db, at - days * DAY)

    def kept() -> list[int]:
        ages = rows(
            db, "select (extract(epoch from %s - decided_at) / 86400)::int as days from outreach.claim_denial", at
        )
        return sorted(age["days"] for age in ages)

    assert kept() == [399, 400, 401, 402]
    assert value(db, "select outreach.prune_claim_denials(%s, 1)", at) == 1
    assert kept() == [399, 400, 401]
    assert value(db, "select outreach.prune_claim_denials(%s)", at) == 1
    assert kept() == [399, 400]
    assert value(db, "select outreach.prune_claim_denials(%s)", at) == 0
    # What is not there any more is not asked for.
    asked = "select count(*) from what_if.comparison(%s, %s, '{}', %s)"
    value(db, asked, at - 400 * DAY, at - 390 * DAY, at)
    with pytest.raises(psycopg.Error) as refusal:
        value(db, asked, at - 400 * DAY - MICRO, at - 390 * DAY, at)
    assert (refusal.value.sqlstate, refusal.value.diag.column_name) == ("SH422", "since")
