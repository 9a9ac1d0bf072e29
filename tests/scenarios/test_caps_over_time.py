"""Caps in the small hours of their edges: which instant, which rule, which count."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from psycopg import Connection

from tests.marketplace import at, campaign, rhythm, service
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
    rows,
    sent,
    sent_by_hand,
    set_cap,
    state,
    value,
)

WEEK = timedelta(hours=168)


def test_scenario_15_all_candidates_capped_the_planner_ends(db: Connection[Any]) -> None:
    home = service(db)
    users = [reader(db) for _ in range(5)]
    for user in users:
        rhythm(db, user, home, last=NOW - 26 * DAY)
    for user in users:
        for ago in (30, 4):
            sent_by_hand(db, user, NOW - ago * HOUR)
    campaign_id = campaign(db)
    set_cap(db, "outreach_weekly", 2, 8784)
    value(db, "select policy.change_rule('holdout.global_share', '0', 'tester', 'a test', %s)", NOW - DAY)
    value(db, "select smartengage.refresh_snapshots(%s)", NOW)
    run = value(db, "select smartengage.plan_reminder_run(%s, 'once', %s)", campaign_id, NOW)
    assert run["candidates"] == run["refused"] == 5
    outcomes = rows(db, "select reason, rule, rule_version from smartengage.candidate")
    assert outcomes == [{"reason": "capped", "rule": "outreach_weekly", "rule_version": 2}] * 5
    assert value(db, "select identity_holds from smartengage.run_reconciliation")
    # Nothing was woken, nothing is due: the day ends here.
    assert value(db, "select count(*) from queue.pgqueuer where entrypoint = 'deliver'") == 0


def test_scenario_15_messages_capped_after_planning_leave_the_queue(db: Connection[Any]) -> None:
    users = [reader(db) for _ in range(3)]
    for user in users:
        sent_by_hand(db, user, NOW - HOUR)
        message(db, user, due=NOW, useful_until=NOW + 12 * HOUR)
    claimed = claim(db, NOW)
    assert (claimed["refused"], claimed["claimed"], claimed["deferred"]) == (3, 0, 0)
    assert claim(db, NOW)["refused"] == 0


def test_scenario_20_the_third_message_waits_to_the_microsecond(db: Connection[Any]) -> None:
    user = reader(db)
    only_cap(db, 2, 168)
    first = NOW + timedelta(microseconds=123456)
    sent(db, user, first)
    sent(db, user, NOW + 30 * HOUR)
    third = message(db, user, due=NOW + 50 * HOUR, useful_until=NOW + 20 * DAY)
    assert claim(db, NOW + 50 * HOUR)["deferred"] == 1
    assert state(db, third)["due_at"] == first + WEEK
    assert claim(db, first + WEEK - MICRO) | {"messages": []} == {
        "messages": [], "claimed": 0, "refused": 0, "expired": 0, "deferred": 0, "more": False
    }  # fmt: skip
    with pytest.raises(psycopg.Error, match="cap is used up"):
        deliver(db, third, first + WEEK - MICRO)
    assert claim(db, first + WEEK)["claimed"] == 1


def test_scenario_20_past_its_use_it_is_dropped_instead(db: Connection[Any]) -> None:
    user = reader(db)
    sent(db, user, NOW)
    for useful_until, verdict in [(NOW + DAY - MICRO, "refused"), (NOW + DAY, "scheduled")]:
        held = message(db, user, due=NOW + HOUR, useful_until=useful_until)
        claim(db, NOW + HOUR)
        assert state(db, held)["state"] == verdict


def test_scenario_21_sms_uses_its_own_rule(db: Connection[Any]) -> None:
    user = reader(db, consents=("email", "sms"), phone=True)
    only_cap(db, 3, 168)
    new_cap(db, "outreach_sms", 1, 720, channel="sms")
    sent(db, user, NOW, channel="sms")
    by_sms = message(db, user, channel="sms", due=NOW + DAY, useful_until=NOW + 60 * DAY)
    by_mail = message(db, user, due=NOW + DAY)
    assert claim(db, NOW + DAY, channel="sms")["deferred"] == 1
    assert state(db, by_sms)["due_at"] == NOW + 720 * HOUR
    assert state(db, by_sms)["rule"] == "outreach_sms"
    assert claim(db, NOW + DAY)["claimed"] == 1
    assert state(db, by_mail)["state"] == "claimed"
    # And e-mail does not use up the sms rule, but both count for the rule of all channels.
    used = {u["cap"]: u["used"] for u in rows(
        db, "select cap, used from outreach.cap_usage(%s, 'sms', 'outreach', %s)", user, NOW + DAY)}  # fmt: skip
    assert used == {"outreach_daily": 1, "outreach_weekly": 2, "outreach_sms": 1}


@pytest.mark.parametrize(
    ("case", "verdict", "reason", "bare"),
    [
        ("zero", "refused", "capped", "SH429"),
        ("null", "claimed", None, None),
        ("missing", "refused", "no_cap", "SH409"),
    ],
)
def test_scenario_22_zero_null_and_missing_differ(
    db: Connection[Any], case: str, verdict: str, reason: str | None, bare: str | None
) -> None:
    user = reader(db)
    if case == "missing":
        # A cap's end is set, and no version follows.
        db.execute("update policy.cap set valid_at = tstzrange(null, %s) where purpose = 'outreach'", [NOW - DAY])
    else:
        set_cap(db, "outreach_daily", None, 24)
        set_cap(db, "outreach_weekly", 0 if case == "zero" else None, 168)
    claimed = message(db, user)
    claim(db)
    assert (state(db, claimed)["state"], state(db, claimed)["reason"]) == (verdict, reason)
    by_hand = message(db, user)
    if bare is None:
        for _ in range(3):
            sent_by_hand(db, user, NOW)
        deliver(db, by_hand, NOW)
    else:
        with pytest.raises(psycopg.Error) as refusal:
            deliver(db, by_hand, NOW)
        assert refusal.value.sqlstate == bare


@pytest.mark.parametrize(
    ("caps", "sent_hours_ago", "frees_in_hours", "strictest"),
    [
        ([("a", 1, 24), ("b", 2, 168)], [1], 23, "a"),
        ([("a", 1, 24), ("b", 2, 168)], [30, 25], 138, "b"),
        ([("a", 1, 24), ("b", 2, 168)], [30, 1], 138, "b"),
        ([("a", 3, 24), ("b", 2, 25)], [3, 2, 1], 23, "b"),
        ([("a", None, 24), ("b", 1, 2)], [1], 1, "b"),
        ([("a", 0, 24), ("b", None, 24)], [], None, "a"),
    ],
)
def test_scenario_23_the_strictest_of_several_rules_decides(
    db: Connection[Any],
    caps: list[tuple[str, int | None, int]],
    sent_hours_ago: list[int],
    frees_in_hours: int | None,
    strictest: str,
) -> None:
    user = reader(db)
    set_cap(db, "outreach_daily", None, 24)
    set_cap(db, "outreach_weekly", None, 168)
    for ago in sent_hours_ago:
        sent_by_hand(db, user, NOW - ago * HOUR)
    for name, limit, hours in caps:
        new_cap(db, name, limit, hours)
    held = message(db, user, due=NOW, useful_until=NOW + 30 * DAY)
    claim(db, NOW)
    now = state(db, held)
    assert now["rule"] == strictest
    if frees_in_hours is None:
        assert now["state"] == "refused"
    else:
        assert (now["state"], now["due_at"]) == ("scheduled", NOW + frees_in_hours * HOUR)


def test_scenario_24_variants_of_one_message_count_as_one(db: Connection[Any]) -> None:
    user = reader(db)
    campaign_id = campaign(db)
    texts = [
        t["template_id"]
        for t in rows(
            db,
            "select template_id from text.template where category is null and language = 'bn' and form = 'long'"
            " order by variant",
        )
    ]
    assert len(texts) >= 2
    message(db, user, campaign_id=campaign_id, occurrence="cleaning:5", template_id=texts[0])
    with pytest.raises(psycopg.errors.UniqueViolation, match="message_occurrence_is_unique"):
        message(db, user, campaign_id=campaign_id, occurrence="cleaning:5", template_id=texts[1])
    # A variant swapped in while it waits is still the one message: one sending, one place under each cap.
    db.execute("update outreach.message set template_id = %s where user_id = %s", [texts[1], user])
    claim(db)
    assert value(db, "select count(*) from outreach.cap_slot where user_id = %s and cap = 'outreach_daily'", user) == 1


@pytest.mark.parametrize(
    "change",
    [
        "message_class = 'urgent', obeys_caps = false",
        "purpose = 'transactional', message_class = 'receipt', obeys_caps = false, takes_slot = false",
        "takes_slot = false",
        "channel = 'sms'",
        "campaign_id = null",
        "kind = 'code'",
        "occurrence = 'another'",
        "user_id = (select user_id from account.person where full_name = 'else')",
        "planned_at = planned_at - interval '1 day'",
    ],
)
def test_scenario_25_what_a_message_is_stays_frozen(db: Connection[Any], change: str) -> None:
    user = reader(db)
    reader(db, full_name="else")
    message_id = sent(db, user, NOW, campaign_id=campaign(db))
    with pytest.raises(psycopg.Error) as refusal:
        db.execute(f"update outreach.message set {change} where message_id = %s", [message_id])
    assert refusal.value.sqlstate == "SH409"


def test_scenario_25_relabelling_campaign_and_class_changes_no_past_count(db: Connection[Any]) -> None:
    user = reader(db)
    campaign_id = campaign(db)
    sent(db, user, NOW, campaign_id=campaign_id)

    def used() -> list[dict[str, Any]]:
        return rows(db, "select cap, used from outreach.cap_usage(%s, 'email', 'outreach', %s)", user, NOW + HOUR)

    before = used()
    db.execute(
        "update smartengage.campaign set name = 'receipts', status = 'completed' where campaign_id = %s", [campaign_id]
    )
    assert used() == before
    # A class that messages were planned with cannot be turned into one that does not count.
    for labels in ("takes_slot = false", "purpose = 'transactional'", "obeys_caps = false"):
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            db.execute(f"update policy.message_class set {labels} where message_class = 'reminder'")


FOURTEEN = at("2026-11-23T14:00:00")


def test_scenario_26_a_rule_tightened_at_14_00_binds_the_claim_of_14_01(db: Connection[Any]) -> None:
    only_cap(db, 2, 24)
    user, other = reader(db), reader(db)
    for someone in (user, other):
        sent(db, someone, FOURTEEN - 2 * HOUR)
    set_cap(db, "outreach_weekly", 1, 24, since=FOURTEEN)
    at_13_59 = message(db, other, due=FOURTEEN - timedelta(minutes=1))
    at_14_01 = message(db, user, due=FOURTEEN + timedelta(minutes=1))
    assert claim(db, FOURTEEN - MICRO)["claimed"] == 1
    assert state(db, at_13_59)["state"] == "claimed"
    assert claim(db, FOURTEEN + timedelta(minutes=1))["deferred"] == 1
    now = state(db, at_14_01)
    assert (now["rule"], now["rule_version"], now["due_at"]) == ("outreach_weekly", 3, FOURTEEN + 22 * HOUR)
    with pytest.raises(psycopg.Error, match="cap is used up"):
        deliver(db, at_14_01, FOURTEEN)


@pytest.mark.parametrize(
    ("old_hours", "new_hours", "sent_hours_ago", "may_go"),
    [(24, 48, 30, False), (24, 48, 48, True), (48, 24, 30, True), (48, 24, 23, False)],
    ids=["lengthened", "lengthened, at its edge", "shortened", "shortened, still within"],
)
def test_scenario_26_another_window_counts_earlier_sends_by_itself(
    db: Connection[Any], old_hours: int, new_hours: int, sent_hours_ago: int, may_go: bool
) -> None:
    only_cap(db, 1, old_hours)
    user = reader(db)
    sent_by_hand(db, user, FOURTEEN - sent_hours_ago * HOUR)
    set_cap(db, "outreach_weekly", 1, new_hours, since=FOURTEEN)
    by_claim = message(db, user, due=FOURTEEN, useful_until=FOURTEEN + 9 * DAY)
    claim(db, FOURTEEN)
    assert state(db, by_claim)["state"] == ("claimed" if may_go else "scheduled")
    if not may_go:
        with pytest.raises(psycopg.Error, match="cap is used up"):
            deliver(db, by_claim, FOURTEEN)


def test_scenario_26_a_loosened_rule_gives_its_new_places(db: Connection[Any]) -> None:
    only_cap(db, 1, 168)
    user = reader(db)
    sent(db, user, FOURTEEN - HOUR)
    set_cap(db, "outreach_weekly", 3, 168, since=FOURTEEN)
    for minutes in (0, 1):
        sent_by_hand(db, user, FOURTEEN + timedelta(minutes=minutes))
    with pytest.raises(psycopg.Error, match="cap is used up"):
        sent_by_hand(db, user, FOURTEEN + timedelta(minutes=2))


def test_scenario_26_a_cap_added_later_counts_what_was_sent_before_it(db: Connection[Any]) -> None:
    set_cap(db, "outreach_daily", None, 24)
    set_cap(db, "outreach_weekly", None, 168)
    user = reader(db)
    for hours in (3, 2, 1):
        sent_by_hand(db, user, FOURTEEN - hours * HOUR)
    new_cap(db, "outreach_monthly", 3, 720, since=FOURTEEN)
    held = message(db, user, due=FOURTEEN, useful_until=FOURTEEN + 60 * DAY)
    assert claim(db, FOURTEEN)["deferred"] == 1
    assert state(db, held)["due_at"] == FOURTEEN + 717 * HOUR
    with pytest.raises(psycopg.Error, match="cap is used up"):
        deliver(db, held, FOURTEEN)
