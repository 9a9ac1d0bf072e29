"""Guardrails that stop a campaign, the roll-out of a canary, and roll_back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import Connection

from tests.candidates import plan, profile
from tests.conftest import Clock
from tests.marketplace import campaign, service
from tests.outbox import (
    DAY,
    HOUR,
    MICRO,
    NOW,
    claim,
    house_text,
    reader,
    record_event,
    record_outcome,
    row,
    rows,
    set_rule,
    state,
    value,
)

Db = Connection[Any]

#: The rows of a campaign, one statement per table: people, consents, messages, candidates, deliveries, events.
PEOPLE = """
    insert into account.person (external_id, role, created_at)
    select %(run)s || '/' || n, 'customer', '2025-01-01' from generate_series(1, %(people)s) n
"""
CONSENTS = """
    insert into account.consent (user_id, channel, purpose, valid_at, source, wording_version, actor)
    select user_id, 'email', 'outreach', tstzrange('2025-01-01', null), 'test', '1', 'test'
    from account.person where external_id like %(run)s || '/%%'
"""
MESSAGES = """
    insert into outreach.message (
      user_id, channel, purpose, message_class, obeys_caps, takes_slot, kind, campaign_id, run_id, occurrence, template_id,
      state, state_at, planned_at, due_at, useful_until, attempt, reason)
    select
      p.user_id, 'email', 'outreach', 'reminder', true, true, 'reminder', r.campaign_id, r.run_id, 'once', %(text)s,
      case when n > %(people)s - %(ghosts)s then 'ghost' when n <= %(refused)s then 'failed' else 'sent' end,
      r.planned_at, r.planned_at, r.planned_at, r.planned_at + interval '2 days', 1,
      case when n <= %(refused)s then 'provider_refused' end
    from account.person p
    cross join lateral (select split_part(p.external_id, '/', 2)::int as n) x
    join smartengage.run r on r.run_id = %(run)s::uuid
    where p.external_id like %(run)s || '/%%'
"""
CANDIDATES = """
    insert into smartengage.candidate (run_id, user_id, occurrence, segment, outcome, message_id)
    select
      m.run_id, m.user_id, 'once', 'repeat', case m.state when 'ghost' then 'ghost' else 'message' end, m.message_id
    from outreach.message m where m.run_id = %(run)s::uuid
"""
DELIVERIES = """
    insert into outreach.delivery (message_id, attempt, user_id, channel, purpose, takes_slot, sent_at, consent_channel,
      consent_purpose, state)
    select m.message_id, 1, m.user_id, m.channel, m.purpose, m.takes_slot, m.planned_at, 'email', 'outreach',
      case m.state when 'failed' then 'released' else 'accepted' end
    from outreach.message m where m.run_id = %(run)s::uuid and m.state <> 'ghost'
"""
TOLD = """
    select outreach.record_message_events('test', jsonb_agg(jsonb_build_object(
      'message_id', m.message_id, 'kind', %(kind)s::text, 'source_event_id', m.message_id || %(kind)s)), %(at)s)
    from (select message_id from outreach.message where run_id = %(run)s::uuid and state = 'sent'
          order by message_id limit %(number)s) m
    having count(*) > 0
"""
OPTED_OUT = """
    select count(account.withdraw_consent(m.user_id, 'email', 'outreach', %(at)s, 'link', 'test'))
    from (select user_id from outreach.message where run_id = %(run)s::uuid and state = 'sent'
          order by message_id limit %(number)s) m
"""


def went(
    db: Db, campaign_id: UUID, sent: int, *, ghosts: int = 0, refused: int = 0, bounced: int = 0, complained: int = 0,
    opted_out: int = 0, ago: Any = HOUR,
) -> str:  # fmt: skip
    """A run of sent messages, of which so many were refused, bounced, or led to a complaint or an opt-out."""
    run = str(
        value(
            db,
            "insert into smartengage.run (campaign_id, trigger_key, planned_at, candidates)"
            " values (%s, uuidv7()::text, %s, %s) returning run_id",
            campaign_id, NOW - ago, sent + ghosts,
        )
    )  # fmt: skip
    given = {
        "run": run, "people": sent + ghosts, "ghosts": ghosts, "refused": refused, "text": house_text(db),
        "at": NOW - ago + HOUR / 2,
    }  # fmt: skip
    for statement in (PEOPLE, CONSENTS, MESSAGES, CANDIDATES, DELIVERIES):
        db.execute(statement, given)
    db.execute(TOLD, given | {"kind": "bounced", "number": bounced})
    db.execute(TOLD, given | {"kind": "complained", "number": complained})
    db.execute(OPTED_OUT, given | {"number": opted_out})
    return run


def verdicts(db: Db, campaign_id: UUID) -> dict[str, str]:
    found = rows(db, "select guardrail, verdict from smartengage.guardrails(%s, %s)", campaign_id, NOW)
    return {f["guardrail"]: f["verdict"] for f in found}


@pytest.mark.parametrize(
    ("figures", "guardrail", "verdict"),
    [
        # Two complaints of ten are within chance, three are not; few messages prove nothing good either.
        ({"sent": 10, "complained": 2}, "complaints", "too_early"),
        ({"sent": 10, "complained": 3}, "complaints", "bad"),
        ({"sent": 50, "complained": 0}, "complaints", "good"),
        ({"sent": 49, "complained": 0}, "complaints", "too_early"),
        ({"sent": 60, "complained": 2}, "complaints", "watch"),
        ({"sent": 70, "complained": 3}, "complaints", "watch"),
        ({"sent": 60, "complained": 3}, "complaints", "bad"),
        ({"sent": 100, "opted_out": 2}, "opt_outs", "good"),
        ({"sent": 100, "opted_out": 3}, "opt_outs", "watch"),
        ({"sent": 100, "opted_out": 7}, "opt_outs", "watch"),
        ({"sent": 100, "opted_out": 8}, "opt_outs", "bad"),
        ({"sent": 100, "bounced": 5}, "bounces", "good"),
        ({"sent": 100, "bounced": 13}, "bounces", "watch"),
        ({"sent": 100, "bounced": 14}, "bounces", "bad"),
        # A permanent refusal counts as a bounce, so both are added.
        ({"sent": 100, "refused": 14}, "bounces", "bad"),
        ({"sent": 100, "refused": 7, "bounced": 7}, "bounces", "bad"),
        # Runs before the window do not count.
        ({"sent": 100, "refused": 50, "ago": 7 * DAY}, "bounces", "too_early"),
        ({"sent": 100, "refused": 50, "ago": 7 * DAY - MICRO}, "bounces", "bad"),
        # The planned share of ghosts is a tenth.
        ({"sent": 90, "ghosts": 10}, "sample_ratio", "good"),
        ({"sent": 82, "ghosts": 18}, "sample_ratio", "good"),
        ({"sent": 79, "ghosts": 21}, "sample_ratio", "bad"),
        ({"sent": 100, "ghosts": 0}, "sample_ratio", "bad"),
        ({"sent": 49, "ghosts": 0}, "sample_ratio", "too_early"),
    ],
)
def test_both_sides_of_each_threshold(db: Db, figures: dict[str, Any], guardrail: str, verdict: str) -> None:
    campaign_id = campaign(db, holdout_share=0.1)
    went(db, campaign_id, **figures)
    assert verdicts(db, campaign_id)[guardrail] == verdict


def test_a_campaign_without_holdout_has_no_ghosts(db: Db) -> None:
    campaign_id = campaign(db)
    went(db, campaign_id, 60)
    assert verdicts(db, campaign_id)["sample_ratio"] == "good"
    went(db, campaign_id, 0, ghosts=1)
    assert verdicts(db, campaign_id)["sample_ratio"] == "bad"


def test_an_opt_out_counts_for_some_days_and_on_its_channel_only(db: Db) -> None:
    set_rule(db, "guardrail.window", 2)
    campaign_id = campaign(db)
    run = went(db, campaign_id, 60, ago=2 * DAY - MICRO)
    early, late = [r["user_id"] for r in rows(db, "select user_id from outreach.message where run_id = %s", run)][:2]
    counted = "select hits from smartengage.guardrails(%s, %s) where guardrail = 'opt_outs'"
    db.execute("select account.withdraw_consent(%s, 'email', 'outreach', %s, 'app', 'self')", [early, NOW])
    assert value(db, counted, campaign_id, NOW) == 1
    db.execute("select account.withdraw_consent(%s, 'email', 'outreach', %s, 'app', 'self')", [late, NOW + MICRO])
    assert value(db, counted, campaign_id, NOW) == 1


def judge(db: Db, campaign_id: UUID) -> str:
    verdict: str = value(db, "select smartengage.judge_campaign(%s, %s)", campaign_id, NOW)
    return verdict


@pytest.mark.parametrize(
    ("figures", "stops_for"),
    [
        ({"complained": 4}, ["complaints"]),
        ({"opted_out": 10}, ["opt_outs"]),
        ({"bounced": 20}, ["bounces"]),
        ({"refused": 20}, ["bounces"]),
        ({"ghosts": 40}, ["sample_ratio"]),
        ({"complained": 4, "opted_out": 10}, ["complaints", "opt_outs"]),
    ],
)
def test_scenario_55_a_canary_with_bad_numbers_stops_itself(
    db: Db, clock: Clock, figures: dict[str, int], stops_for: list[str]
) -> None:
    campaign_id = campaign(db, canary_share=0.1, holdout_share=0.1)
    went(db, campaign_id, **({"sent": 90, "ghosts": 10} | figures))
    waiting = waiting_message(db, campaign_id)
    assert value(db, "select jobs.judge_campaigns()") == {"judged": 1, "stopped": [str(campaign_id)], "widened": []}
    assert value(db, "select status from smartengage.campaign") == "stopped"
    assert state(db, waiting)["state"] == "refused"
    alert = row(db, "select kind, subject, detail from policy.alert")
    assert (alert["kind"], alert["subject"]) == ("campaign_stopped", f"campaign {campaign_id}")
    assert sorted(alert["detail"]["guardrails"]) == stops_for
    assert alert["detail"]["canary"]
    numbers = alert["detail"]["guardrails"][stops_for[0]]
    assert numbers["hits"] > numbers["sample"] * numbers["maximum"]
    noted = row(db, "select actor, detail ->> 'reason' as reason from policy.audit where action = 'campaign_stopped'")
    assert noted == {"actor": "guardrails", "reason": ", ".join(stops_for)}
    # Once: it is neither judged nor enqueued again.
    assert value(db, "select jobs.judge_campaigns()")["judged"] == 0
    assert value(db, "select count(*) from queue.pgqueuer where entrypoint = 'plan'") == 0


def waiting_message(db: Db, campaign_id: UUID) -> UUID:
    """One more message of the campaign's run, not sent yet."""
    made: UUID = value(
        db,
        "insert into outreach.message (user_id, channel, purpose, message_class, obeys_caps, takes_slot, kind, campaign_id,"
        " run_id, occurrence, template_id, state_at, planned_at, due_at, useful_until)"
        " select %s, 'email', 'outreach', 'reminder', true, true, 'reminder', campaign_id, run_id, 'once', %s, %s, %s,"
        " %s, %s from smartengage.run where campaign_id = %s limit 1 returning message_id",
        reader(db), house_text(db), NOW, NOW, NOW, NOW + 2 * DAY, campaign_id,
    )  # fmt: skip
    return made


def test_guardrails_also_stop_rolled_out_paused_and_completed_campaigns(db: Db) -> None:
    for status in ("running", "paused", "completed"):
        campaign_id = campaign(db, status=status)
        went(db, campaign_id, 60, complained=5)
        assert judge(db, campaign_id) == "stopped"
        assert value(db, "select status from smartengage.campaign where campaign_id = %s", campaign_id) == "stopped"


@pytest.mark.parametrize(
    ("figures", "verdict"),
    [
        ({"sent": 60, "ago": DAY}, "widened"),
        ({"sent": 60, "ago": DAY - MICRO}, "unchanged"),
        ({"sent": 49, "ago": DAY}, "unchanged"),
        # Above the maximum, but within chance: watch.
        ({"sent": 60, "ago": DAY, "opted_out": 2}, "unchanged"),
        ({"sent": 60, "ago": DAY, "opted_out": 1}, "widened"),
    ],
)
def test_a_canary_is_rolled_out_after_its_hold_with_good_figures(db: Db, figures: dict[str, Any], verdict: str) -> None:
    campaign_id = campaign(db, canary_share=0.5)
    went(db, campaign_id, **figures)
    assert judge(db, campaign_id) == verdict
    assert (value(db, "select widened_at from smartengage.campaign") == NOW) == (verdict == "widened")
    asked = rows(db, "select dedupe_key from queue.pgqueuer where entrypoint = 'plan'")
    assert asked == ([{"dedupe_key": f"plan/{campaign_id}/widened"}] if verdict == "widened" else [])
    assert judge(db, campaign_id) == "unchanged"


def test_a_canary_too_small_to_decide_raises_one_alert(db: Db) -> None:
    campaign_id = campaign(db, canary_share=0.5)
    went(db, campaign_id, 10, ago=DAY)
    waiting = waiting_message(db, campaign_id)
    alerts = "select count(*) from policy.alert where kind = 'canary_undecided'"
    assert (judge(db, campaign_id), value(db, alerts)) == ("unchanged", 0)
    db.execute("update outreach.message set state = 'expired', reason = 'too_late' where message_id = %s", [waiting])
    assert (judge(db, campaign_id), value(db, alerts)) == ("unchanged", 1)
    numbers = value(db, "select detail -> 'guardrails' -> 'complaints' from policy.alert")
    assert (numbers["sample"], numbers["verdict"]) == (10, "too_early")
    db.execute("update policy.alert set acknowledged_at = %s, acknowledged_by = uuidv7()", [NOW])
    assert (judge(db, campaign_id), value(db, alerts)) == ("unchanged", 1)


@pytest.mark.parametrize("status", ["paused", "completed"])
def test_a_canary_of_a_campaign_that_is_not_running_is_not_rolled_out(db: Db, status: str) -> None:
    campaign_id = campaign(db, canary_share=0.5, status=status)
    went(db, campaign_id, 60, ago=DAY)
    assert judge(db, campaign_id) == "unchanged"


def test_after_the_roll_out_the_rest_gets_one_message_each(db: Db) -> None:
    set_rule(db, "holdout.global_share", 0)
    set_rule(db, "guardrail.min_sample", 1)
    campaign_id, home = campaign(db, canary_share=0.5), service(db)
    users = [reader(db) for _ in range(20)]
    for user in users:
        profile(db, user, home, expected_at=NOW + DAY)
    first = plan(db, campaign_id, "first", NOW - DAY - HOUR)
    assert 0 < first["messages"] < 20
    assert first["messages"] + first["refused"] == 20
    for sent in claim(db, NOW - HOUR)["messages"]:
        record_outcome(db, sent["message_id"], "accepted", NOW - HOUR)
    # All but the last were sent a day ago, before the hold.
    assert judge(db, campaign_id) == "unchanged"
    set_rule(db, "canary.hold", 1)
    assert judge(db, campaign_id) == "widened"
    rest = plan(db, campaign_id, "widened", NOW)
    assert (rest["messages"], rest["refused"]) == (20 - first["messages"], first["messages"])
    reasons = rows(db, "select distinct reason from smartengage.candidate where run_id = %s", rest["run_id"])
    assert {r["reason"] for r in reasons} == {None, "already_reminded"}
    assert value(db, "select count(distinct user_id) from outreach.message") == 20


# roll_back ----------------------------------------------------------------------------------------------------------


def test_scenario_64_one_statement_stops_the_rest_and_lists_who_got_it(db: Db, clock: Clock) -> None:
    campaign_id = campaign(db)
    run = went(db, campaign_id, 500, refused=3)
    waiting = [waiting_message(db, campaign_id) for _ in range(5)]
    claimed, doubtful = waiting_message(db, campaign_id), waiting_message(db, campaign_id)
    db.execute("update outreach.message set due_at = %s where message_id <> all (%s)", [NOW, waiting])
    db.execute("update outreach.message set due_at = %s where message_id = any (%s)", [NOW + HOUR, waiting])
    assert claim(db)["claimed"] == 2
    record_outcome(db, doubtful, "unknown")

    listed = rows(db, "select * from smartengage.roll_back(%s, null, 'ops', 'wrong text', clock.now())", campaign_id)
    assert len(listed) == 499
    got = {entry["message_id"]: entry["state"] for entry in listed}
    assert got[claimed] == "claimed"
    assert got[doubtful] == "in_doubt"
    assert not set(waiting) & set(got)
    assert {entry["run_id"] for entry in listed} == {UUID(run)}
    assert all(entry["user_id"] and entry["sent_at"] for entry in listed)
    for message_id in waiting:
        now = state(db, message_id)
        assert (now["state"], now["reason"], now["rule"], now["rule_version"]) == (
            "refused", "campaign_stopped", "campaign", 1,
        )  # fmt: skip
    assert claim(db, NOW + 2 * HOUR)["claimed"] == 0
    # A claimed message that the provider rejects is not retried.
    record_outcome(db, claimed, "later", NOW + HOUR)
    record_outcome(db, doubtful, "later", NOW + HOUR)
    assert {state(db, m)["state"] for m in (claimed, doubtful)} == {"expired"}
    # Nor is one that it accepts and returns.
    given_back = next(m for m, became in got.items() if became == "sent")
    record_event(db, given_back, "returned", NOW + HOUR, attempt=1, detail={"again": True, "code": "131000"})
    assert state(db, given_back)["state"] == "expired"
    again = rows(db, "select * from smartengage.roll_back(%s, null, 'ops', 'again', clock.now())", campaign_id)
    assert len(again) == 496
    assert value(db, "select count(*) from policy.audit where action = 'campaign_stopped'") == 1


def test_one_run_is_rolled_back_and_the_campaign_goes_on(db: Db, clock: Clock) -> None:
    set_rule(db, "holdout.global_share", 0)
    campaign_id, one, two = campaign(db), service(db), service(db)
    first, second = reader(db), reader(db)
    profile(db, first, one)
    wrong = plan(db, campaign_id, "wrong")
    profile(db, second, two)
    right = plan(db, campaign_id, "right")
    assert (wrong["messages"], right["messages"]) == (1, 1)
    call = "select * from smartengage.roll_back(%s, %s, 'ops', 'wrong text', clock.now())"
    assert rows(db, call, campaign_id, wrong["run_id"]) == []
    states = rows(db, "select user_id, state from outreach.message")
    assert {s["user_id"]: s["state"] for s in states} == {first: "refused", second: "scheduled"}
    assert value(db, "select status from smartengage.campaign") == "running"
    noted = row(db, "select actor, subject, detail from policy.audit where action = 'run_stopped'")
    assert noted == {
        "actor": "ops", "subject": f"run {wrong['run_id']}", "detail": {"reason": "wrong text", "stopped": 1},
    }  # fmt: skip
    assert value(db, "select bool_and(identity_holds) from smartengage.run_reconciliation")


def test_an_unknown_campaign_or_run_cannot_be_rolled_back(db: Db) -> None:
    one, other = campaign(db), campaign(db)
    run = went(db, other, 1)
    call = "select * from smartengage.roll_back(%s, %s, 'ops', 'wrong text', %s)"
    for campaign_id, run_id in [(one, run), (service(db), None)]:
        with pytest.raises(psycopg.Error) as refusal:
            rows(db, call, campaign_id, run_id, NOW)
        assert refusal.value.sqlstate == "SH404"
