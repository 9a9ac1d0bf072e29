"""Frequency caps: usage, when a slot frees, and that no writer exceeds them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from psycopg import Connection

from tests.marketplace import consent
from tests.outbox import (
    DAY,
    HOUR,
    MICRO,
    NOW,
    claim,
    deliver,
    message,
    new_cap,
    only_cap,
    reader,
    record_outcome,
    row,
    rows,
    sent,
    set_cap,
    slots,
    state,
)

WEEK = timedelta(hours=168)


def use(
    db: Connection[Any], user_id: Any, moment: Any, channel: str = "email", forecast: bool = False
) -> dict[str, Any]:
    """cap → (used, frees_at)."""
    return {
        u["cap"]: (u["used"], u["frees_at"])
        for u in rows(
            db, "select * from outreach.cap_usage(%s, %s, 'outreach', %s, %s)", user_id, channel, moment, forecast
        )
    }


@pytest.mark.parametrize(
    ("ago", "used"),
    [(24 * HOUR - MICRO, 1), (24 * HOUR, 0), (24 * HOUR + MICRO, 0), (timedelta(0), 1)],
    ids=["a microsecond left", "at the edge", "past it", "this instant"],
)
def test_delivery_counts_until_the_microsecond_it_leaves_the_window(
    db: Connection[Any], ago: timedelta, used: int
) -> None:
    user = reader(db)
    sent(db, user, NOW)
    assert use(db, user, NOW + ago)["outreach_daily"] == (used, NOW + 24 * HOUR if used else NOW + ago)


def test_slot_frees_when_the_nth_latest_delivery_leaves(db: Connection[Any]) -> None:
    user = reader(db)
    only_cap(db, 2, 168)
    for hours in (0, 30, 169):
        sent(db, user, NOW + hours * HOUR)
    assert use(db, user, NOW + 170 * HOUR)["outreach_weekly"] == (2, NOW + 198 * HOUR)


def test_pending_messages_count_only_if_included(db: Connection[Any]) -> None:
    user = reader(db)
    message(db, user, due=NOW + 2 * HOUR)
    assert use(db, user, NOW)["outreach_daily"] == (0, NOW)
    assert use(db, user, NOW, forecast=True)["outreach_daily"] == (1, NOW + 26 * HOUR)


@pytest.mark.parametrize(
    ("end", "counts"),
    [
        ("claimed", True),
        ("in_doubt", True),
        ("accepted", True),
        ("bounced", True),
        ("released", False),
    ],
)
def test_which_states_count(db: Connection[Any], end: str, counts: bool) -> None:
    user = reader(db)
    message_id = message(db, user)
    claim(db)
    if end != "claimed":
        db.execute("update outreach.delivery set state = %s where message_id = %s", [end, message_id])
    assert use(db, user, NOW + HOUR)["outreach_daily"][0] == int(counts)
    assert bool(slots(db, user)) == counts


@pytest.mark.parametrize("end", ["ghost", "expired", "refused", "failed"])
def test_released_delivery_does_not_count(db: Connection[Any], end: str) -> None:
    user = reader(db)
    message(db, user, state=end, reason=None if end == "ghost" else "test")
    assert use(db, user, NOW, forecast=True)["outreach_daily"] == (0, NOW)


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_bare_inserts_take_every_slot_and_no_more(db: Connection[Any], limit: int) -> None:
    user = reader(db)
    only_cap(db, limit, 168)
    for number in range(limit):
        deliver(db, message(db, user), NOW + number * HOUR)
    assert slots(db, user) == [("outreach_weekly", number + 1) for number in range(limit)]
    over = message(db, user)
    for late in (WEEK - MICRO, timedelta(0), HOUR):
        with pytest.raises(psycopg.Error) as refusal:
            deliver(db, over, NOW + late)
        assert refusal.value.sqlstate == "SH429"
    deliver(db, over, NOW + WEEK)


def test_delivery_recorded_in_the_past_counts_against_later_ones(db: Connection[Any]) -> None:
    user = reader(db)
    deliver(db, message(db, user), NOW)
    with pytest.raises(psycopg.Error, match="cap is used up"):
        deliver(db, message(db, user), NOW - 24 * HOUR + MICRO)
    deliver(db, message(db, user), NOW - 24 * HOUR)


def test_one_statement_with_several_deliveries_obeys_the_cap(db: Connection[Any]) -> None:
    user = reader(db)
    only_cap(db, 2, 168)
    waiting = [message(db, user) for _ in range(3)]
    many = """
        insert into outreach.delivery
          (message_id, attempt, user_id, channel, purpose, takes_slot, sent_at, consent_channel, consent_purpose)
        select message_id, 1, user_id, channel, purpose, takes_slot, %s, channel, purpose
        from outreach.message where message_id = any (%s)
    """
    with pytest.raises(psycopg.Error, match="cap is used up"):
        db.execute(many, [NOW, waiting])
    db.execute(many, [NOW, waiting[:2]])
    assert slots(db, user) == [("outreach_weekly", 1), ("outreach_weekly", 2)]


def test_released_slot_can_be_taken_again(db: Connection[Any]) -> None:
    user = reader(db)
    message_id = message(db, user)
    claim(db)
    record_outcome(db, message_id, "later")
    assert slots(db, user) == []
    retry_at = state(db, message_id)["due_at"]
    assert claim(db, retry_at)["claimed"] == 1
    assert slots(db, user) == [("outreach_daily", 1), ("outreach_weekly", 1)]


def test_each_person_has_slots_of_their_own(db: Connection[Any]) -> None:
    first, second = reader(db), reader(db)
    sent(db, first, NOW)
    sent(db, second, NOW + HOUR)
    assert use(db, second, NOW + 2 * HOUR)["outreach_daily"] == (1, NOW + 25 * HOUR)


def test_purposes_do_not_share_slots(db: Connection[Any]) -> None:
    worker_ = reader(db, role="worker")
    consent(db, worker_, "email", "coaching")
    deliver(db, message(db, worker_, message_class="coaching", kind="coaching"), NOW)
    assert use(db, worker_, NOW)["outreach_daily"] == (0, NOW)
    deliver(db, message(db, worker_), NOW)
    assert [cap for cap, _ in slots(db, worker_)] == ["coaching_weekly", "outreach_daily", "outreach_weekly"]


def test_transactional_messages_take_no_slot(db: Connection[Any]) -> None:
    user = reader(db, consents=())
    set_cap(db, "outreach_daily", 0, 24)
    deliver(db, message(db, user, message_class="one_time_code", kind="code"), NOW)
    assert slots(db, user) == []


def test_urgent_exceeds_the_cap_only_with_a_reason_and_counts(db: Connection[Any]) -> None:
    user = reader(db)
    sent(db, user, NOW)
    silent = message(db, user, message_class="urgent")
    with pytest.raises(psycopg.Error, match="cap is used up"):
        deliver(db, silent, NOW + HOUR)
    told = message(db, user, message_class="urgent", exempt_reason="flood warning")
    deliver(db, told, NOW + HOUR)
    assert use(db, user, NOW + 2 * HOUR)["outreach_daily"] == (2, NOW + 25 * HOUR)
    with pytest.raises(psycopg.errors.CheckViolation, match="message_exemption_is_for_exempt_classes"):
        message(db, user, exempt_reason="because")


def test_urgent_message_without_reason_is_refused_and_blocks_no_other(db: Connection[Any]) -> None:
    capped, other = reader(db), reader(db)
    sent(db, capped, NOW)
    silent = message(db, capped, message_class="urgent", due=NOW + HOUR)
    free = message(db, other, due=NOW + HOUR)
    answer = claim(db, NOW + HOUR)
    assert (answer["claimed"], answer["refused"]) == (1, 1)
    assert state(db, free)["state"] == "claimed"
    assert state(db, silent) | {} == state(db, silent)
    assert (state(db, silent)["state"], state(db, silent)["reason"]) == ("refused", "constraint:delivery_takes_slots")


def test_cap_of_a_channel_counts_only_that_channel(db: Connection[Any]) -> None:
    user = reader(db, consents=("email", "sms"), phone=True)
    set_cap(db, "outreach_daily", None, 24)
    set_cap(db, "outreach_weekly", None, 168)
    new_cap(db, "sms_daily", 1, 24, channel="sms")
    deliver(db, message(db, user, channel="sms"), NOW)
    deliver(db, message(db, user), NOW)
    with pytest.raises(psycopg.Error, match="cap is used up"):
        deliver(db, message(db, user, channel="sms"), NOW + HOUR)
    deliver(db, message(db, user), NOW + HOUR)


def test_verdict_names_the_cap_and_version(db: Connection[Any]) -> None:
    user = reader(db)
    set_cap(db, "outreach_daily", 1, 48, since=NOW - DAY)
    sent(db, user, NOW)
    held = message(db, user, due=NOW + HOUR, useful_until=NOW + 9 * DAY)
    assert claim(db, NOW + HOUR)["deferred"] == 1
    waiting = state(db, held)
    assert (waiting["reason"], waiting["rule"], waiting["rule_version"]) == ("capped", "outreach_daily", 2)
    assert waiting["due_at"] == NOW + 48 * HOUR


def test_slots_match_the_counted_deliveries(db: Connection[Any]) -> None:
    user = reader(db)
    only_cap(db, 3, 168)
    kept = [message(db, user) for _ in range(3)]
    for number, message_id in enumerate(kept):
        deliver(db, message_id, NOW + number * HOUR)
    db.execute("update outreach.delivery set state = 'released' where message_id = %s", [kept[1]])
    assert slots(db, user) == [("outreach_weekly", 1), ("outreach_weekly", 3)]
    deliver(db, message(db, user), NOW + 5 * HOUR)
    assert slots(db, user) == [("outreach_weekly", 1), ("outreach_weekly", 3), ("outreach_weekly", 2)]
    with pytest.raises(psycopg.Error, match="cap is used up"):
        deliver(db, message(db, user), NOW + 6 * HOUR)
    assert row(db, "select count(*) as n from outreach.cap_slot where user_id = %s", user) == {"n": 3}
