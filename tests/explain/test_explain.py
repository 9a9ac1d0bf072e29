"""Explain says what the planner and the claim say, and why: compared with them on random people, then gate by gate."""

from __future__ import annotations

import random
import re
from collections import Counter
from datetime import datetime, time
from typing import Any
from uuid import UUID

import pytest
from psycopg import Connection

from tests.candidates import profile, random_profile, random_reader
from tests.conftest import Clock
from tests.marketplace import at, booking, campaign, consent, person, rhythm, service
from tests.outbox import (
    DAY,
    HOUR,
    MICRO,
    NOW,
    claim,
    house_text,
    message,
    row,
    rows,
    sent_by_hand,
    set_cap,
    set_rule,
    value,
)

Db = Connection[Any]

#: Morning, the evening's last instant and its edge, Friday prayer, deep night; and what the caps are then.
SCENES = [
    (NOW, {}, {"capped", "booked", "too_late", "yields"}),
    (at("2026-11-23T20:29:59"), {"outreach_daily": 2}, {"capped", "booked", "yields"}),
    (at("2026-11-23T20:30:00"), {}, {"quiet"}),
    (at("2026-11-27T12:00:00"), {"outreach_daily": 0}, {"quiet"}),
    (at("2026-11-24T03:00:00"), {"outreach_weekly": None}, {"quiet"}),
    (NOW + DAY, None, {"no_cap"}),
]


def unapproved(db: Db) -> UUID:
    """A text that nobody approved."""
    found: UUID = value(
        db,
        "insert into text.template (kind, language, variant, origin, subject, body, created_at)"
        " values ('reminder', 'bn', 'draft', 'house', 'x', 'x', %s) returning template_id",
        NOW,
    )
    return found


@pytest.mark.parametrize(("moment", "caps", "expected"), SCENES)
def test_the_first_gate_that_does_not_pass_is_what_the_claim_says(
    db: Db, moment: datetime, caps: dict[str, int | None] | None, expected: set[str]
) -> None:
    """On random people with one or two messages waiting."""
    dice = random.Random(f"{moment}")
    home, draft = service(db), unapproved(db)
    # Approved, but not of an e-mail's form.
    short = value(db, "select template_id from text.template where kind = 'reminder' and form = 'short' limit 1")
    held = {status: campaign(db, status="running") for status in ("running", "paused", "stopped")}
    for status in ("paused", "stopped"):
        db.execute(
            "insert into outreach.campaign_hold (campaign_id, kind, since) values (%s, %s, %s)",
            [held[status], status, moment],
        )
    users = [random_reader(db, dice, moment) for _ in range(100)]
    for cap, limit in (caps or {}).items():
        set_cap(db, cap, limit, {"outreach_daily": 24, "outreach_weekly": 168}[cap], since=moment - HOUR)
    if caps is None:
        db.execute("update policy.cap set valid_at = tstzrange(null, %s)", [moment])
    for user in users:
        for _ in range(dice.choice([1, 1, 2])):
            late = dice.random() < 0.1
            kind = dice.choice(["reminder", "reminder", "announcement", "urgent", "receipt"])
            message(
                db, user, service_id=home, due=moment - HOUR if late else moment, message_class=kind,
                planned_at=moment - dice.choice([1, 30]) * HOUR,
                useful_until=moment - MICRO if late else moment + dice.choice([0, 1, 10, 48, 24 * 9]) * HOUR,
                template_id=dice.choice([draft, short, *[house_text(db)] * 8]),
                campaign_id=None if kind == "receipt" else dice.choice([None, None, *held.values()]),
                **dice.choice([{}, {"window_from": time(9), "window_until": time(20, 30)}]),
            )  # fmt: skip
        if dice.random() < 0.15:
            status = dice.choice(["pending", "confirmed", "completed", "cancelled"])
            when = moment - dice.choice([5, 40]) * HOUR
            booking(
                db, user, home, status="completed" if status == "completed" else status, source="import",
                scheduled_at=when - 3 * HOUR, created_at=when - 4 * HOUR,
            )  # fmt: skip
    # The last free place is wanted by a higher class.
    both = person(db, consents=["email"])
    sent_by_hand(db, both, moment - 100 * HOUR)
    for kind in ("reminder", "urgent"):
        message(db, both, service_id=home, due=moment, message_class=kind)
    compared = rows(
        db,
        "select v.message_id, to_jsonb(v) - 'until' as claim,"
        " case when isfinite(v.until) then v.until end as until, to_jsonb(e) as explained, e.frees_at"
        " from outreach.claim_verdicts(array(select message_id from outreach.message where state = 'scheduled'), %s) v"
        " join outreach.message m on m.message_id = v.message_id"
        " left join lateral ("
        "   select e.message_id, e.verdict, e.reason, e.rule, e.rule_version,"
        "     case when e.verdict in ('defer') then e.frees_at end as frees_at"
        "   from explain.claim_verdicts(m.user_id, %s) e"
        "   where e.message_id = m.message_id and e.verdict not in ('pass', 'wait')"
        "   order by e.place limit 1) e on true",
        moment, moment,
    )  # fmt: skip
    seen = set()
    for pair in compared:
        said, explained = pair["claim"], pair["explained"]
        if said["verdict"] == "send":
            assert explained is None, pair
            continue
        assert {k: explained[k] for k in said} == said, pair
        if said["verdict"] == "defer":
            assert pair["frees_at"] == pair["until"], pair
        seen.add(said["reason"])
    assert len(compared) >= 100
    assert (
        expected | {"person_inactive", "no_consent", "no_address", "suppressed", "campaign_stopped", "no_text"} <= seen
    )


#: What every one of the random marketplaces has.
ALWAYS = {
    *(
        "too_little_history",
        "service_inactive",
        "not_in_segment",
        "open_booking",
        "too_late",
        "not_due_yet",
        "unlikely",
    ),
    *("flag_off", "person_inactive", "already_reminded", "global_control", "not_in_canary", "no_consent", "no_address"),
    *("suppressed", "unlikely"),
}


@pytest.mark.parametrize(
    ("caps", "moment", "expected"),
    [
        ({}, NOW, {"message", "ghost", "another_service_first", "no_time_left"}),
        ({"outreach_weekly": 1}, NOW, {"message", "ghost", "another_service_first", "capped"}),
        ({}, NOW + 11 * HOUR, {"message", "another_service_first"}),
        (None, NOW, {"another_service_first", "no_cap"}),
    ],
)
def test_the_first_gate_that_does_not_pass_is_what_the_planner_says(
    db: Db, caps: dict[str, int] | None, moment: datetime, expected: set[str]
) -> None:
    """On random people with predictions for up to three services, and two campaigns."""
    dice = random.Random(f"{moment}{caps}")
    homes = [service(db, price_poisha=price) for price in (150_000, 150_000, 90_000)]
    homes = [*homes, *homes, service(db, active=False)]
    campaign(db, canary_share=0.6, holdout_share=0.5, segments=["repeat", "at_risk"])
    wide = campaign(db, channels=["sms", "email"], holdout_share=0.4)
    campaign(db, enabled=False)
    set_rule(db, "holdout.global_share", 0.15)
    for cap, limit in (caps or {}).items():
        set_cap(db, cap, limit, 168, since=NOW - HOUR)
    for user in [random_reader(db, dice, NOW) for _ in range(160)]:
        for home in dict.fromkeys(dice.sample(homes, dice.choice([1, 2, 3]))):
            random_profile(db, user, home, dice)
            if dice.random() < 0.1:
                status = dice.choice(["pending", "confirmed", "cancelled"])
                booking(
                    db, user, home, status=status, source="import", scheduled_at=NOW + DAY, created_at=NOW - DAY,
                    cancelled_at=NOW - HOUR if status == "cancelled" else None,
                )  # fmt: skip
            if dice.random() < 0.3:
                occurrence = value(db, "select code || ':5' from market.service where service_id = %s", home)
                message(
                    db, user, campaign_id=wide, occurrence=occurrence, service_id=home, planned_at=NOW - DAY,
                    due=NOW + HOUR, useful_until=NOW + DAY,
                )  # fmt: skip
    # Which group a person is drawn into hangs on their id: enough of them that each way is gone by somebody.
    for number in range(60):
        user = person(db, consents=["email"])
        profile(db, user, homes[0], p14=0.9)
        if number < 20:
            db.execute(
                "update account.contact set suppressed_at = %s, suppressed_reason = 'hard' where user_id = %s",
                [NOW - DAY, user],
            )
    if caps is None:
        db.execute("update policy.cap set valid_at = tstzrange(null, %s)", [NOW])
    planned: dict[tuple[UUID, UUID, UUID | None], dict[str, Any]] = {
        (d["campaign_id"], d["user_id"], d["service_id"]): d
        for d in rows(
            db,
            "select c.campaign_id, d.user_id, d.service_id, d.outcome, d.reason, d.rule, d.rule_version"
            " from smartengage.campaign c cross join lateral smartengage.planning_values(c.campaign_id, %s) p"
            " cross join lateral smartengage.plan_decisions(c.campaign_id, p, %s, 'x') d"
            " union all"
            " select c.campaign_id, s.user_id, s.service_id, 'no_candidate', s.reason, g.rule, v.version"
            " from smartengage.campaign c cross join lateral smartengage.planning_values(c.campaign_id, %s) p"
            " cross join lateral smartengage.eligibility(p, %s) s"
            " left join policy.refusal_reason g on g.reason = s.reason"
            " left join policy.rule v on v.rule = g.rule and v.valid_at @> %s"
            " where s.reason is not null",
            moment, moment, moment, moment, moment,
        )
    }  # fmt: skip
    seen = Counter[str]()
    for told in rows(
        db,
        "select p.user_id, e.* from account.person p cross join lateral explain.verdicts(p.user_id, %s) e"
        " where e.stage = 'plan' and e.gate = 'outcome'",
        moment,
    ):
        said = planned.pop((told["campaign_id"], told["user_id"], told["service_id"]))
        assert told["verdict"] == {"refused": "refuse"}.get(said["outcome"], said["outcome"]), (told, said)
        if said["reason"]:
            same = ("reason", "rule", "rule_version")
            assert [told[k] for k in same] == [said[k] for k in same], (told, said)
        seen[said["reason"] or said["outcome"]] += 1
    assert not planned
    assert ALWAYS | expected <= set(seen), seen


def gates(db: Db, user: UUID, moment: datetime = NOW, stage: str = "claim") -> dict[str, dict[str, Any]]:
    """By name; of several caps the strictest."""
    found = rows(db, "select * from explain.verdicts(%s, %s) where stage = %s", user, moment, stage)
    return {g["gate"]: g for g in reversed(found)}


def literals(db: Db, *functions: str, pattern: str) -> list[str]:
    """The text literals after a keyword in the definitions of functions, in their order."""
    texts = " ".join(value(db, "select pg_get_functiondef(%s::regproc)", name) for name in functions)
    return re.findall(pattern, texts, re.IGNORECASE)


@pytest.mark.parametrize(
    ("stage", "deciding"),
    [
        ("plan", ("smartengage.eligibility", "smartengage.first_refusal", "outreach.reachable_channel",
                  "smartengage.plan_decisions", "smartengage.announcement_decisions")),
        ("claim", ("outreach.claim_verdicts",)),
    ],
)  # fmt: skip
def test_gates_are_those_that_decide_and_all_are_explained(db: Db, stage: str, deciding: tuple[str, ...]) -> None:
    """The table lists every reason that the deciding functions give, in the order of the claim, and explain has each."""
    listed = [r["reason"] for r in rows(db, "select reason from policy.gate where stage = %s order by place", stage)]
    given = literals(db, *deciding, pattern=r"then '(\w+)'")
    decided_elsewhere = {"plan": {"not_running", "ghost"}, "claim": {"campaign_paused"}}[stage]
    assert set(given) - {"send", "defer", "in_app"} == set(listed) - decided_elsewhere
    if stage == "claim":
        assert [reason for reason in given if reason in listed] == [r for r in listed if r not in decided_elsewhere]
    explaining = {"plan": "explain.planning_verdicts", "claim": "explain.claim_verdicts"}[stage]
    # An announcement is explained by its stored decision alone.
    assert set(listed) - {"already_sent"} <= set(literals(db, explaining, pattern=r"'(\w+)'"))


def test_a_cap_tells_which_messages_used_it_and_the_microsecond_it_frees(db: Db) -> None:
    user = person(db, consents=["email"])
    old, first, second = (sent_by_hand(db, user, NOW - hours * HOUR) for hours in (200, 167, 30))
    waiting = message(db, user)
    cap = gates(db, user)["cap"]
    assert (cap["verdict"], cap["reason"]) == ("defer", "capped")
    assert (cap["rule"], cap["rule_version"]) == ("outreach_weekly", 1)
    assert cap["evidence"] == {"used": 2, "max": 2, "window_hours": 168, "message_ids": [str(second), str(first)]}
    assert cap["frees_at"] == NOW + HOUR
    assert str(old) not in cap["evidence"]["message_ids"]
    assert cap["message_id"] == waiting
    assert gates(db, user, NOW + HOUR - MICRO)["cap"]["verdict"] != "pass"
    assert gates(db, user, NOW + HOUR)["cap"]["verdict"] == "pass"


@pytest.mark.parametrize(
    ("moment", "verdict", "since"),
    [(NOW - 50 * DAY, "refuse", None), (NOW - 30 * DAY, "pass", 40), (NOW - 20 * DAY, "refuse", 40),
     (NOW - MICRO, "refuse", 40), (NOW, "pass", 0)],
)  # fmt: skip
def test_consent_as_it_was_at_any_instant(db: Db, moment: datetime, verdict: str, since: int | None) -> None:
    user = person(db)
    consent(db, user, since=NOW - 40 * DAY, until=NOW - 20 * DAY)
    consent(db, user, since=NOW)
    message(db, user, planned_at=NOW - 60 * DAY, useful_until=NOW + DAY)
    gate = gates(db, user, moment)["consent"]
    assert gate["verdict"] == verdict
    told = gate["evidence"]["since"]
    assert (None if told is None else datetime.fromisoformat(told)) == (None if since is None else NOW - since * DAY)


@pytest.mark.parametrize(
    ("moment", "names", "until"),
    [
        ("2026-11-23T20:29:59", [], None),
        ("2026-11-23T20:30:00", ["window"], "2026-11-24T09:00:00"),
        ("2026-11-24T03:00:00", ["night", "window"], "2026-11-24T09:00:00"),
        ("2026-11-27T12:00:00", ["friday_prayer"], "2026-11-27T14:30:00"),
        ("2026-11-25T10:30:00", ["own"], "2026-11-25T12:00:00"),
    ],
)
def test_which_quiet_period_and_until_when(db: Db, moment: str, names: list[str], until: str | None) -> None:
    set_rule(db, "quiet.spread", 0)
    own: dict[str, Any] = {"quiet_from": time(10, 30), "quiet_until": time(12)} if names == ["own"] else {}
    user = person(db, consents=["email"], **own)
    message(db, user, due=at(moment), window_from=time(9), window_until=time(20, 30))
    gate = gates(db, user, at(moment))["quiet"]
    assert [p["name"] for p in gate["evidence"]["periods"]] == names
    assert gate["frees_at"] == (at(until) if until else None)


def test_rules_are_those_in_force_at_the_instant(db: Db) -> None:
    user, home = person(db, consents=["email"]), service(db)
    campaign(db)
    profile(db, user, home)
    db.execute(
        "update smartengage.predicted_booking set as_of = %s, expected_at = %s, visits = 5", [NOW - DAY, NOW + 4 * DAY]
    )
    set_rule(db, "reminder.lead", 5, since=NOW)
    before, after = (gates(db, user, moment, "plan")["due"] for moment in (NOW - MICRO, NOW))
    assert (before["verdict"], before["reason"], before["rule_version"]) == ("refuse", "not_due_yet", 1)
    assert before["frees_at"] == NOW + DAY
    assert (after["verdict"], after["rule_version"]) == ("pass", 2)


def test_what_was_decided_and_what_became_of_it(db: Db) -> None:
    """Asked about the past, the plan as it was stored, the consent that the sending stood on, and nothing later."""
    set_rule(db, "holdout.global_share", 0)
    user, home = person(db, consents=["email"]), service(db)
    rhythm(db, user, home, last=NOW - 26 * DAY)
    campaign_id = campaign(db)
    value(db, "select smartengage.refresh_snapshots(%s)", NOW)
    assert gates(db, user, NOW, "plan")["outcome"]["verdict"] == "message"
    value(db, "select smartengage.plan_reminder_run(%s, 'once', %s)", campaign_id, NOW)
    planned = row(db, "select message_id, due_at from outreach.message")
    assert gates(db, user, NOW - MICRO, "decided") == {}
    assert gates(db, user, NOW, "plan")["outcome"]["reason"] == "already_reminded"
    waiting = gates(db, user, NOW)["outcome"]
    assert (waiting["verdict"], waiting["message_id"]) == ("send", planned["message_id"])
    claim(db, planned["due_at"])
    sent = gates(db, user, planned["due_at"], "decided")["outcome"]
    assert (sent["verdict"], sent["message_id"], sent["evidence"]["state"]) == (
        "message",
        planned["message_id"],
        "claimed",
    )
    assert datetime.fromisoformat(sent["evidence"]["sent_at"]) == planned["due_at"]
    assert datetime.fromisoformat(sent["evidence"]["consent_since"]) < NOW
    earlier = gates(db, user, NOW, "decided")["outcome"]
    assert earlier["evidence"]["sent_at"] is None
    # It was waiting then, and is not any more.
    assert gates(db, user, NOW)["outcome"]["message_id"] == planned["message_id"]
    assert gates(db, user, planned["due_at"]) == {}


def test_who_has_no_rhythm_yet_is_told_so(db: Db) -> None:
    user = person(db, consents=["email"])
    campaign(db)
    outcome = gates(db, user, NOW, "plan")["outcome"]
    assert (outcome["verdict"], outcome["reason"], outcome["service_id"]) == (
        "no_candidate",
        "too_little_history",
        None,
    )


@pytest.mark.parametrize("by", ["external_id", "user_id"])
def test_a_dba_asks_by_either_name(db: Db, clock: Clock, by: str) -> None:
    user = person(db, external_id="customer-17", consents=[])
    message(db, user)
    who = "customer-17" if by == "external_id" else str(user)
    told = rows(db, "select * from explain.verdicts_now(%s)", who)
    assert (told[0]["gate"], told[0]["verdict"], told[0]["reason"]) == ("= outcome", "refuse", "no_consent")
    assert told[0]["rule"] == "consent v1"
    assert [t["gate"] for t in told[1:5]] == ["person_active", "campaign", "still_useful", "consent"]


def test_nobody_is_explained_as_nothing(db: Db) -> None:
    assert rows(db, "select * from explain.verdicts_now('nobody; drop table')") == []
