"""Planning: who is a candidate, each gate at its edge, one outcome each, twice the same."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import Connection

from tests.candidates import bucket_of, outcome, plan, profile, without_global_control
from tests.conftest import Clock
from tests.marketplace import (
    DHAKA,
    at,
    booking,
    campaign,
    consent,
    contact,
    person,
    rhythm,
    service,
    visits,
)
from tests.outbox import (
    DAY,
    HOUR,
    MICRO,
    NOW,
    URL,
    claim,
    message,
    reader,
    row,
    rows,
    sent,
    set_cap,
    set_rule,
    value,
    withdraw,
)

# Who is a candidate -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("columns", "is_candidate"),
    [
        ({"expected_at": NOW + 3 * DAY}, True),
        ({"expected_at": NOW + 3 * DAY + MICRO}, False),
        ({"expected_at": NOW - 2 * DAY + HOUR}, True),
        ({"expected_at": NOW - 2 * DAY}, False),
        ({"p14": 0.25}, True),
        ({"p14": 0.2499}, False),
        ({"visits": 2}, True),
        ({"segment": "inactive"}, False),
        ({"segment": "new"}, True),
    ],
)
def test_who_is_due(db: Connection[Any], columns: dict[str, Any], is_candidate: bool) -> None:
    user, home = reader(db), service(db)
    without_global_control(db)
    profile(db, user, home, **columns)
    assert plan(db, campaign(db))["candidates"] == int(is_candidate)
    assert (outcome(db, user) is not None) == is_candidate


def test_the_rules_of_being_due_are_rules(db: Connection[Any]) -> None:
    user, home = reader(db), service(db)
    without_global_control(db)
    profile(db, user, home, expected_at=NOW + 5 * DAY, p14=0.1, visits=2)
    for rule, setting in [("reminder.lead", 5), ("reminder.min_p14", 0.1)]:
        assert plan(db, campaign(db))["candidates"] == 0
        set_rule(db, rule, setting)
    assert plan(db, campaign(db))["candidates"] == 1
    set_rule(db, "reminder.min_visits", 3)
    assert plan(db, campaign(db))["candidates"] == 0


@pytest.mark.parametrize(
    ("status", "is_candidate"),
    [("pending", False), ("confirmed", False), ("in_progress", False), ("cancelled", True), ("completed", True)],
)
def test_an_open_booking_of_the_service_makes_nobody_due(db: Connection[Any], status: str, is_candidate: bool) -> None:
    user, home, other = reader(db), service(db), service(db)
    without_global_control(db)
    profile(db, user, home)
    booking(db, user, home, scheduled_at=NOW + DAY, status=status)
    booking(db, user, other, scheduled_at=NOW + DAY, status="confirmed")
    assert plan(db, campaign(db))["candidates"] == int(is_candidate)


def test_a_service_no_longer_offered_makes_nobody_due(db: Connection[Any]) -> None:
    user, home = reader(db), service(db, active=False)
    profile(db, user, home)
    assert plan(db, campaign(db))["candidates"] == 0


# One outcome each ---------------------------------------------------------------------------------------------------


def test_each_refusal_names_its_rule(db: Connection[Any]) -> None:
    """Everybody is due; what holds each back differs."""
    home = service(db)
    campaign_id = campaign(db, canary_share=0.5, holdout_share=0)

    def one(in_canary: bool = True, **columns: Any) -> UUID:
        """Somebody in the canary, not in the control group, as far as stable draws go."""
        while True:
            user = person(db, **columns)
            if (bucket_of(db, user, f"{campaign_id}/canary") < 0.5) == in_canary and bucket_of(
                db, user, "global_control"
            ) >= 0.02:
                profile(db, user, home)
                return user

    users = {
        "not_in_canary": one(False, consents=("email",)),
        "person_inactive": one(consents=("email",), disabled_at=NOW),
        "no_consent": one(),
        "no_address": one(consents=("email",), email=None),
        "suppressed": one(consents=("email",)),
        "capped": one(consents=("email",)),
        "already_reminded": one(consents=("email",)),
        "no_time_left": one(consents=("email",), quiet_from="08:00", quiet_until="21:00"),
        None: one(consents=("email",)),
    }
    db.execute(
        "update account.contact set suppressed_at = %s, suppressed_reason = 'by hand' where user_id = %s",
        [NOW, users["suppressed"]],
    )
    set_cap(db, "outreach_weekly", 2, 8784)
    for days in (10, 5):
        sent(db, users["capped"], NOW - days * DAY)
    occurrence = value(db, "select code || ':5' from market.service where service_id = %s", home)
    message(db, users["already_reminded"], campaign_id=campaign_id, occurrence=occurrence, state="expired", reason="x")

    run = plan(db, campaign_id)
    assert {r: (outcome(db, u) or {}).get("reason") for r, u in users.items()} == {r: r for r in users}
    assert (run["candidates"], run["messages"], run["ghosts"], run["refused"]) == (9, 1, 0, 8)
    rules = {
        "not_in_canary": ("campaign", 1),
        "person_inactive": ("person_active", 1),
        "no_consent": ("consent", 1),
        "no_address": ("contact", 1),
        "suppressed": ("contact", 1),
        "capped": ("outreach_weekly", 2),
        "already_reminded": ("reminder.once", 1),
        "no_time_left": ("quiet_period", 1),
        None: (None, None),
    }
    for reason, user in users.items():
        found = outcome(db, user)
        assert found is not None
        assert (found["reason"], (found["rule"], found["rule_version"])) == (reason, rules[reason])
        assert (found["message_id"] is None) == (found["outcome"] == "refused")
    assert value(db, "select identity_holds from smartengage.run_reconciliation where run_id = %s", run["run_id"])
    refusals = value(db, "select jobs.run_report(%s)", run["run_id"])["refusals"]
    assert refusals == {reason: 1 for reason in users if reason}


def test_flag_off_no_cap_and_no_text_refuse_everybody(db: Connection[Any]) -> None:
    without_global_control(db)
    users = [reader(db) for _ in range(3)]
    home = service(db)
    for user in users:
        profile(db, user, home)
    plan(db, campaign(db, enabled=False), "flag")
    db.execute("update policy.cap set valid_at = tstzrange(null, %s) where purpose = 'outreach'", [NOW])
    plan(db, campaign(db), "cap")
    db.execute("update text.template set retired_at = %s", [NOW])
    plan(db, campaign(db), "text")
    found = rows(
        db, "select r.trigger_key, c.reason, c.rule, count(*) as n from smartengage.candidate c"
        " join smartengage.run r using (run_id) group by 1, 2, 3 order by 1",
    )  # fmt: skip
    assert [tuple(f.values()) for f in found] == [
        ("cap", "no_cap", "cap", 3), ("flag", "flag_off", "campaign", 3), ("text", "no_text", "approved_text", 3),
    ]  # fmt: skip


def test_of_several_services_the_one_worth_most_goes(db: Connection[Any]) -> None:
    without_global_control(db)
    user = reader(db)
    dear, cheap = service(db, price_poisha=900_000), service(db, price_poisha=100_000)
    profile(db, user, cheap, p14=0.9)
    profile(db, user, dear, p14=0.3)
    run = plan(db, campaign(db))
    assert (run["candidates"], run["messages"], run["refused"]) == (2, 1, 1)
    found = rows(db, "select service_id, outcome, reason, rule from smartengage.candidate")
    assert {f["service_id"]: (f["outcome"], f["reason"], f["rule"]) for f in found} == {
        dear: ("message", None, None),
        cheap: ("refused", "another_service_first", "reminder.one_service"),
    }


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_ghosts_are_a_stable_share_that_passed_all_gates(db: Connection[Any], share: float) -> None:
    without_global_control(db)
    campaign_id = campaign(db, holdout_share=share)
    home = service(db)
    users = [reader(db) for _ in range(40)] + [person(db)]
    for user in users:
        profile(db, user, home)
    run = plan(db, campaign_id)
    expected = {u for u in users[:-1] if bucket_of(db, u, f"{campaign_id}/holdout") < share}
    ghosts = {r["user_id"] for r in rows(db, "select user_id from outreach.message where state = 'ghost'")}
    assert ghosts == expected
    assert run["ghosts"] == len(expected)
    assert run["refused"] == 1
    claim(db, NOW + DAY, limit=1000)
    assert value(db, "select count(*) from outreach.delivery") == 40 - len(ghosts)
    # The same people in the next round of the same campaign, others in another campaign.
    db.execute("update smartengage.predicted_booking set visits = visits + 1")
    plan(db, campaign_id, "again", NOW + 8 * DAY - 8 * DAY + MICRO)
    again = rows(db, "select user_id, count(*) as n from outreach.message where state = 'ghost' group by 1")
    assert {a["user_id"] for a in again} == expected


def test_the_global_control_group_gets_nothing_of_any_campaign(db: Connection[Any]) -> None:
    set_rule(db, "holdout.global_share", 0.5)
    home = service(db)
    users = [reader(db) for _ in range(20)]
    for user in users:
        profile(db, user, home)
    control = {u for u in users if bucket_of(db, u, "global_control") < 0.5}
    assert control
    for _ in range(2):
        plan(db, campaign(db))
    refused = rows(
        db, "select user_id, rule, rule_version, count(*) as n from smartengage.candidate"
        " where reason = 'global_control' group by 1, 2, 3",
    )  # fmt: skip
    assert {(r["user_id"], r["n"]) for r in refused} == {(u, 2) for u in control}
    assert {(r["rule"], r["rule_version"]) for r in refused} == {("holdout.global_share", 2)}
    written = {r["user_id"] for r in rows(db, "select user_id from outreach.message")}
    assert written == set(users) - control


def test_shares_are_even_and_independent_between_salts(db: Connection[Any]) -> None:
    drawn = rows(
        db, "select stats.bucket(u, 'a') as a, stats.bucket(u, 'b') as b"
        " from (select md5(n::text)::uuid as u from generate_series(1, 4000) n) x",
    )  # fmt: skip
    for name in "ab":
        tenth = Counter(int(d[name] * 10) for d in drawn)
        assert set(tenth) == set(range(10))
        assert all(320 < n < 480 for n in tenth.values())
    both = sum(d["a"] < 0.5 and d["b"] < 0.5 for d in drawn)
    assert 880 < both < 1120


def test_a_trigger_plans_once_and_an_occurrence_exists_once(db: Connection[Any]) -> None:
    without_global_control(db)
    user, home = reader(db), service(db)
    profile(db, user, home)
    campaign_id = campaign(db)
    first = plan(db, campaign_id, "daily")
    assert plan(db, campaign_id, "daily", NOW + HOUR) == first | {"already": True}
    assert plan(db, campaign_id, "next day", NOW + DAY / 4)["refused"] == 1
    assert value(db, "select count(*) from outreach.message") == 1
    # Another visit makes another occurrence.
    db.execute("update smartengage.predicted_booking set visits = visits + 1")
    set_cap(db, "outreach_daily", None, 24)
    set_cap(db, "outreach_weekly", None, 168)
    assert plan(db, campaign_id, "third", NOW + DAY / 3)["messages"] == 1


def test_two_campaigns_do_not_plan_beyond_the_forecast(db: Connection[Any]) -> None:
    without_global_control(db)
    user, home = reader(db), service(db)
    profile(db, user, home, expected_at=NOW - DAY)
    plan(db, campaign(db))
    plan(db, campaign(db), "second")
    found = rows(db, "select outcome, reason, rule from smartengage.candidate order by outcome")
    assert [f["outcome"] for f in found] == ["message", "refused"]
    assert (found[1]["reason"], found[1]["rule"]) == ("capped", "outreach_daily")


@pytest.mark.parametrize("status", ["draft", "scheduled", "paused", "completed", "stopped", "failed"])
def test_only_a_running_campaign_is_planned(db: Connection[Any], status: str) -> None:
    with pytest.raises(psycopg.Error) as refusal:
        plan(db, campaign(db, status=status))
    assert refusal.value.sqlstate == "SH409"
    with pytest.raises(psycopg.Error) as refusal:
        plan(db, service(db))
    assert refusal.value.sqlstate == "SH404"


def test_planning_makes_wake_ups_and_the_compose_job_with_it(db: Connection[Any]) -> None:
    without_global_control(db)
    home = service(db)
    for _ in range(5):
        profile(db, reader(db), home)
    run = plan(db, campaign(db))
    jobs = rows(
        db, "select entrypoint, convert_from(payload, 'UTF8')::jsonb as payload, priority, execute_after, dedupe_key"
        " from queue.pgqueuer order by entrypoint, execute_after",
    )  # fmt: skip
    assert [j["payload"] for j in jobs if j["entrypoint"] == "compose"] == [{"run_id": run["run_id"]}]
    wakes = [j for j in jobs if j["entrypoint"] == "deliver"]
    assert {str(j["payload"]) for j in wakes} == {"{'channel': 'email'}"}
    due = rows(db, "select due_at from outreach.message")
    minutes = {d["due_at"].replace(second=0, microsecond=0) + timedelta(minutes=1) for d in due}
    assert {j["execute_after"] for j in wakes} == minutes


def test_the_message_is_frozen_as_its_class_says_and_fits_its_reader(db: Connection[Any]) -> None:
    without_global_control(db)
    home = service(db, category="cleaning")
    user = reader(db, language="en")
    profile(db, user, home, expected_at=NOW + 2 * DAY, p14=0.5)
    visits(db, user, home, ["2026-09-01T15:30:00", "2026-10-01T16:45:00"])
    campaign_id = campaign(db)
    plan(db, campaign_id)
    made = row(
        db, "select m.*, t.language, t.category from outreach.message m join text.template t using (template_id)"
    )
    assert (made["purpose"], made["message_class"], made["obeys_caps"], made["takes_slot"]) == (
        "outreach",
        "reminder",
        True,
        True,
    )
    assert (made["language"], made["state"], made["campaign_id"]) == ("en", "scheduled", campaign_id)
    assert made["category"] in ("cleaning", None)
    assert made["useful_until"] == NOW + 4 * DAY
    assert made["expected_value"] == pytest.approx(75_000)
    assert NOW <= made["due_at"] < NOW + DAY
    # The hour of the last visit, in Dhaka, on the expected day.
    assert made["suggested_at"].astimezone(DHAKA) == at("2026-11-25T16:45:00")


@pytest.mark.parametrize(
    ("consents", "channels", "preferred", "suppressed", "expected"),
    [
        (("email",), ["email", "sms"], None, None, ("email", None)),
        (("sms",), ["email", "sms"], None, None, ("sms", None)),
        (("email", "sms"), ["email", "sms"], None, None, ("email", None)),
        (("email", "sms"), ["email", "sms"], "sms", None, ("sms", None)),
        (("email", "sms"), ["email"], "sms", None, ("email", None)),
        (("email", "sms"), ["email", "sms"], "sms", "sms", ("email", None)),
        (("email",), ["email"], None, "email", ("email", "suppressed")),
        ((), ["email", "sms"], None, None, ("email", "no_consent")),
        (("push",), ["push"], None, None, ("push", "no_address")),
        (("in_app",), ["email", "in_app"], None, None, ("in_app", None)),
        (("push",), ["email", "push"], None, None, ("push", "no_address")),
        (("whatsapp",), ["email", "sms", "whatsapp"], None, None, ("whatsapp", None)),
        (("whatsapp",), ["email", "sms"], None, None, ("email", "no_consent")),
        (("whatsapp",), ["email", "whatsapp"], "email", None, ("whatsapp", None)),
        (("whatsapp", "in_app"), ["in_app", "whatsapp"], "whatsapp", None, ("whatsapp", None)),
        (("whatsapp", "in_app"), ["whatsapp", "in_app"], None, "whatsapp", ("in_app", None)),
        (("whatsapp",), ["whatsapp"], None, "whatsapp", ("whatsapp", "suppressed")),
        (("push", "in_app"), ["push", "in_app"], "push", None, ("in_app", None)),
    ],
)
def test_the_channel_somebody_is_reached_on(
    db: Connection[Any], consents: tuple[str, ...], channels: list[str], preferred: str | None, suppressed: str | None,
    expected: tuple[str, str | None],
) -> None:  # fmt: skip
    user = person(db, consents=consents, preferred_channel=preferred, phone=True)
    contact(db, user, "whatsapp", "+8801812345678")
    if suppressed:
        db.execute(
            "update account.contact set suppressed_at = %s, suppressed_reason = 'x' where user_id ="
            " %s and channel = %s",
            [NOW, user, suppressed],
        )
    found = row(db, "select * from outreach.reachable_channel(%s, %s, 'outreach', %s)", user, channels, NOW)
    assert (found["channel"], found["reason"]) == expected


def test_somebody_who_agreed_to_whatsapp_alone_is_planned_for_there_and_nowhere_else(db: Connection[Any]) -> None:
    set_rule(db, "holdout.global_share", 0)
    home = service(db)
    only, nobody = person(db, consents=("whatsapp",), phone=True), person(db, phone=True)
    for user in (only, nobody):
        contact(db, user, "whatsapp", f"+88018{str(user.int)[-8:]}")
        rhythm(db, user, home, last=NOW - 26 * DAY)
    value(db, "select smartengage.refresh_snapshots(%s)", NOW)
    campaign_id = campaign(db, channels=["email", "sms", "push", "whatsapp", "in_app"])
    value(db, "select smartengage.plan_reminder_run(%s, 'test', %s)", campaign_id, NOW)
    assert rows(db, "select user_id, channel from outreach.message") == [{"user_id": only, "channel": "whatsapp"}]
    assert row(db, "select user_id, reason from smartengage.candidate where outcome = 'refused'") == {
        "user_id": nobody,
        "reason": "no_consent",
    }
    # A consent to one channel does not carry a message that somebody moves to another.
    with pytest.raises(psycopg.Error):
        db.execute("update outreach.message set channel = 'email'")
    due = value(db, "select due_at from outreach.message")
    assert [
        value(db, "select outreach.claim_messages(%s, 10, %s, %s)", c, due, URL)["claimed"]
        for c in ("email", "whatsapp")
    ] == [
        0,
        1,
    ]
    assert withdraw(db, only, due + HOUR, channel="whatsapp")


# A whole day through jobs ------------------------------------------------------------------------------------------


def test_a_day_from_bookings_to_messages(db: Connection[Any], clock: Clock) -> None:
    set_rule(db, "holdout.global_share", 0)
    home = service(db)
    due = [reader(db) for _ in range(4)]
    for user in due:
        rhythm(db, user, home, last=NOW - 26 * DAY)
    rhythm(db, reader(db), home, last=NOW - 10 * DAY)
    refusing = person(db)
    rhythm(db, refusing, home, last=NOW - 26 * DAY)
    campaign(db)
    (run,) = value(db, "select jobs.plan_daily()")["runs"]
    assert (run["candidates"], run["messages"], run["refused"], run["already"]) == (5, 4, 1, False)
    claimed = {}
    for moment in ("2026-11-23T10:00:00", "2026-11-23T20:29:00", "2026-11-23T21:30:00", "2026-11-24T10:00:00"):
        clock.set(at(moment))
        claimed[moment[8:13]] = value(db, "select jobs.claim_messages('email', 100, 'https://x')")["claimed"]
    assert claimed["23T21"] == 0, "the night"
    assert sum(claimed.values()) == 4
    report = value(db, "select jobs.run_report(%s)", run["run_id"])
    assert report["identity_holds"]
    assert (report["waiting"], report["refusals"]) == (4, {"no_consent": 1})
    consent(db, refusing)
    contact(db, refusing, "push", "device")
    assert withdraw(db, refusing, NOW + 2 * DAY)
