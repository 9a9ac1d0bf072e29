"""Single and bulk sends by admins: the gates of any message, once per person, each refusal with its reason."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import Connection

from tests.conftest import Clock, Connect
from tests.marketplace import campaign, person, service
from tests.outbox import (
    DAY,
    HOUR,
    MICRO,
    NOW,
    claim,
    delivery,
    reader,
    record_outcome,
    row,
    rows,
    run_concurrently,
    sent,
    set_cap,
    set_rule,
    state,
    value,
    wait_until_blocked,
    withdraw,
)

Db = Connection[Any]

ADMIN = "01990000-0000-7000-8000-000000000001"


def text(db: Db, variant: str = "service", language: str = "bn") -> UUID:
    found: UUID = value(
        db,
        "select template_id from text.template where kind = 'announcement' and variant = %s and language = %s"
        " and form = 'long' and retired_at is null",
        variant,
        language,
    )
    return found


def single(db: Db, user: UUID, **given: Any) -> dict[str, Any]:
    arguments: dict[str, Any] = {
        "user_id": user,
        "template_id": None,
        "service_id": None,
        "channel": None,
        "urgent": False,
        "reason": "asked by phone",
        "dry_run": False,
        "actor": ADMIN,
        "at": NOW,
    } | given
    if arguments["template_id"] is None:
        arguments["template_id"] = text(db, "delay")
    named = ", ".join(f"p_{name} => %s" for name in arguments)
    result: dict[str, Any] = value(db, f"select smartengage.send_single({named})", *arguments.values())
    return result


def asked(db: Db, **given: Any) -> dict[str, Any]:
    arguments: dict[str, Any] = {
        "name": "roads closed",
        "segments": None,
        "user_ids": None,
        "template_id": None,
        "service_id": None,
        "channels": ["email"],
        "urgent": False,
        "canary_share": 1,
        "holdout_share": 0,
        "reason": "the storm of Monday",
        "dry_run": False,
        "actor": ADMIN,
        "at": NOW,
    } | given
    if arguments["template_id"] is None:
        arguments["template_id"] = text(db, "delay")
    named = ", ".join(
        f"p_{name} => %s"
        + ("::text[]" if name in ("segments", "channels") else "::uuid[]" if name == "user_ids" else "")
        for name in arguments
    )
    result: dict[str, Any] = value(db, f"select smartengage.send_bulk({named})", *arguments.values())
    return result


def bulk(db: Db, **given: Any) -> dict[str, Any]:
    """The answer to a bulk send merged with the run that the worker's job plans; of a dry run its preview."""
    answer = asked(db, **given)
    if answer["dry_run"]:
        return {**answer, **answer["preview"]}
    planned = value(
        db,
        "select smartengage.plan_run_or_fail(%s, %s, %s)",
        answer["campaign_id"],
        answer["trigger_key"],
        given.get("at", NOW),
    )
    report: dict[str, Any] = value(db, "select smartengage.run_report(%s)", planned["run_id"])
    answer |= report
    return answer


@pytest.fixture(autouse=True)
def everybody(db: Db, clock: Clock) -> None:
    """Nobody is in the global control group; the clock is at NOW."""
    set_rule(db, "holdout.global_share", 0)


def everything(db: Db) -> dict[str, int]:
    """Row counts of all tables that a send writes."""
    tables = (
        "smartengage.campaign", "smartengage.run", "smartengage.candidate", "outreach.message", "outreach.delivery",
        "queue.pgqueuer", "policy.audit", "policy.alert",
    )  # fmt: skip
    return {table: value(db, f"select count(*) from {table}") for table in tables}


# One person ---------------------------------------------------------------------------------------------------------


def test_a_single_send_matches_its_preview(db: Db) -> None:
    user, home = reader(db, full_name="রহিমা খাতুন", language="bn"), service(db, name_bn="বাসা পরিষ্কার")
    before = everything(db)
    shown = single(db, user, template_id=text(db), service_id=home, dry_run=True)
    assert everything(db) == before
    assert (shown["dry_run"], shown["outcome"], shown["message_id"], shown["run_id"]) == (True, "message", None, None)
    done = single(db, user, template_id=text(db), service_id=home)
    assert done["text"] == shown["text"]
    assert (done["outcome"], done["channel"], done["due_at"][:19]) == ("message", "email", "2026-11-23T04:00:00")
    answer = claim(db)
    assert [m["message_id"] for m in answer["messages"]] == [done["message_id"]]
    went = delivery(db, UUID(done["message_id"]))
    assert (went["subject"], went["body"]) == (shown["text"]["subject"], shown["text"]["body"])
    assert "রহিমা" in went["body"]
    assert "বাসা পরিষ্কার" in went["subject"]
    noted = row(db, "select actor, subject, detail from policy.audit where action = 'send_single'")
    assert (noted["actor"], noted["subject"]) == (ADMIN, f"run {done['run_id']}")
    assert (noted["detail"]["reason"], noted["detail"]["user_id"]) == ("asked by phone", str(user))
    assert value(db, "select identity_holds and candidates = 1 and waiting = 1 from smartengage.run_reconciliation")


@pytest.mark.parametrize(("language", "begins"), [("bn", "শুভেচ্ছা"), ("en", "Hello")])
def test_each_reader_gets_the_text_in_their_language(db: Db, language: str, begins: str) -> None:
    done = single(db, reader(db, language=language), template_id=text(db, "delay", "bn"))
    assert done["text"]["language"] == language
    assert done["text"]["body"].startswith(begins)


def test_a_text_without_a_counterpart_is_sent_in_its_own_language(db: Db) -> None:
    db.execute("update text.template set retired_at = %s where kind = 'announcement' and language = 'en'", [NOW])
    assert single(db, reader(db, language="en"))["text"]["language"] == "bn"


def test_every_gate_of_a_reminder_is_a_gate_of_a_single_send(db: Db) -> None:
    refused = {
        "person_inactive": reader(db, disabled_at=NOW),
        "no_consent": person(db),
        "no_address": person(db, email=None, consents=("email",)),
        "capped": reader(db),
    }
    set_cap(db, "outreach_weekly", 1, 168)
    sent(db, refused["capped"], NOW - 3 * DAY)
    found = {reason: single(db, user) for reason, user in refused.items()}
    assert {reason: (f["outcome"], f["reason"]) for reason, f in found.items()} == {
        reason: ("refused", reason) for reason in refused
    }
    assert (found["capped"]["rule"], found["capped"]["rule_version"]) == ("outreach_weekly", 2)
    assert found["no_consent"]["rule"] == "consent"
    assert value(db, "select count(*) from outreach.message where kind = 'announcement'") == 0
    # Refused sends are in the audit log too, with the reason.
    noted = rows(db, "select detail ->> 'refused_for' as r from policy.audit where action = 'send_single'")
    assert {n["r"] for n in noted} == set(refused)
    assert value(db, "select bool_and(identity_holds) from smartengage.run_reconciliation")


def test_the_global_control_group_gets_no_single_send(db: Db) -> None:
    set_rule(db, "holdout.global_share", 1, NOW - DAY)
    assert single(db, reader(db), urgent=True)["reason"] == "global_control"


def test_the_claim_decides_again(db: Db) -> None:
    """Consent is withdrawn, or the night begins, after the planning."""
    user = reader(db)
    message_id = UUID(single(db, user)["message_id"])
    withdraw(db, user, NOW + MICRO)
    assert claim(db, NOW + HOUR)["refused"] == 1
    assert state(db, message_id)["reason"] == "no_consent"
    late = single(db, reader(db), at=NOW + 11.5 * HOUR)
    assert claim(db, NOW + 11.5 * HOUR)["deferred"] == 1
    assert NOW + 23 * HOUR <= state(db, UUID(late["message_id"]))["due_at"] < NOW + 24 * HOUR


def test_the_same_text_reaches_somebody_once_a_day(db: Db) -> None:
    set_cap(db, "outreach_daily", None, 24)
    set_cap(db, "outreach_weekly", None, 168)
    user, one, two = reader(db), service(db), service(db)
    assert single(db, user, template_id=text(db), service_id=one)["outcome"] == "message"
    again = single(db, user, template_id=text(db), service_id=one, at=NOW + HOUR)
    assert (again["outcome"], again["reason"], again["rule"]) == ("refused", "already_sent", "announcement.once")
    assert single(db, user, template_id=text(db), service_id=two)["outcome"] == "message"
    assert single(db, user)["outcome"] == "message"
    assert single(db, user, at=NOW + DAY)["outcome"] == "message"
    names = rows(db, "select name, ends_at from smartengage.campaign order by name")
    assert [n["name"] for n in names] == ["single sends 2026-11-23", "single sends 2026-11-24"]
    assert names[0]["ends_at"] == NOW + 14 * HOUR


def test_two_admins_at_once_send_once(db: Db, connect: Connect) -> None:
    user = reader(db)
    one, two = connect(autocommit=False), connect()
    assert single(one, user)["outcome"] == "message"
    with run_concurrently(lambda: single(two, user)) as outcome:
        wait_until_blocked(db, two.info.backend_pid)
        one.commit()
    assert outcome[0]["reason"] == "already_sent"
    assert value(db, "select count(*) from outreach.message") == 1


def test_urgent_is_exempt_from_caps_and_from_nothing_else(db: Db) -> None:
    set_cap(db, "outreach_daily", 1, 24)
    user = reader(db)
    sent(db, user, NOW - HOUR)
    assert single(db, user)["outcome"] == "message", "deferred until a slot is free within two days"
    urgent = single(db, user, urgent=True, template_id=text(db, "service"), service_id=service(db))
    assert urgent["due_at"][:19] == "2026-11-23T04:00:00"
    assert [m["message_id"] for m in claim(db)["messages"]] == [urgent["message_id"]]
    record_outcome(db, UUID(urgent["message_id"]), "accepted")
    report = row(db, "select state, exempt_reason, asked_by from analytics.exemption")
    assert report == {"state": "sent", "exempt_reason": "asked by phone", "asked_by": ADMIN}
    # It takes a slot from later messages.
    used = rows(db, "select used from outreach.cap_usage(%s, 'email', 'outreach', %s)", user, NOW)
    assert {u["used"] for u in used} == {2}
    assert single(db, person(db), urgent=True)["reason"] == "no_consent"
    night = single(db, reader(db), urgent=True, at=NOW + 12 * HOUR)
    assert claim(db, NOW + 12 * HOUR)["claimed"] == 0
    assert state(db, UUID(night["message_id"]))["reason"] == "quiet"


def test_a_requested_channel_is_the_only_one(db: Db) -> None:
    user = person(db, consents=("email", "in_app"))
    assert single(db, user, channel="in_app")["channel"] == "in_app"
    other = single(db, user, channel="sms", template_id=text(db), service_id=service(db))
    assert (other["outcome"], other["reason"]) == ("refused", "no_consent")


def test_a_single_send_has_a_link_only_if_it_names_a_service(db: Db) -> None:
    user, home = reader(db), service(db)
    single(db, user, template_id=text(db), service_id=home)
    nothing = single(db, reader(db))
    claimed = {m["message_id"]: m for m in claim(db)["messages"]}
    # Its stop link has the same link key, which opens no booking page.
    without = claimed.pop(nothing["message_id"])
    assert without["link"] is None
    with pytest.raises(psycopg.Error) as refusal:
        value(db, "select api.link(%s)", without["stop_link"].rsplit("/", 1)[1])
    assert refusal.value.sqlstate == "SH404"
    ((_, about),) = claimed.items()
    assert value(db, "select api.link(%s)", about["link"].rsplit("/", 1)[1])["service"]["service_id"] == str(home)


def test_the_single_sends_of_a_day_stop_like_any_campaign(db: Db) -> None:
    done = single(db, reader(db))
    value(db, "select count(*) from smartengage.roll_back(%s, null, 'ops', 'x', %s)", done["campaign_id"], NOW)
    assert state(db, UUID(done["message_id"]))["reason"] == "campaign_stopped"
    with pytest.raises(psycopg.Error) as refusal:
        single(db, reader(db))
    assert refusal.value.sqlstate == "SH409"


# Many people --------------------------------------------------------------------------------------------------------


def segment(db: Db, users: list[UUID], name: str) -> None:
    for user in users:
        db.execute(
            "insert into smartengage.customer_segment (user_id, as_of, visits, segment, segment_version)"
            " values (%s, %s, 3, %s, 1)",
            [user, NOW, name],
        )


def test_a_bulk_send_to_a_segment_reports_each_refusal(db: Db) -> None:
    willing, unwilling, others = [reader(db) for _ in range(5)], [person(db) for _ in range(2)], [reader(db)]
    segment(db, willing + unwilling, "at_risk")
    segment(db, others, "repeat")
    before = everything(db)
    shown = bulk(db, segments=["at_risk"], dry_run=True)
    assert everything(db) == before
    assert (shown["campaign_id"], shown["run_id"]) == (None, None)
    done = bulk(db, segments=["at_risk"])
    for result in (shown, done):
        assert (result["people"], result["candidates"], result["messages"], result["refused"]) == (7, 7, 5, 2)
        assert result["refusals"] == {"no_consent": 2}
    assert {r["user_id"] for r in shown["refused_people"]} == {str(u) for u in unwilling}
    assert {r["rule"] for r in shown["refused_people"]} == {"consent"}
    assert [t["language"] for t in shown["texts"]] == ["bn"]
    assert done["identity_holds"]
    (planned,) = rows(
        db, "select convert_from(payload, 'UTF8')::jsonb as p from queue.pgqueuer where entrypoint = 'plan'"
    )
    assert planned["p"] == {"campaign_id": done["campaign_id"], "trigger_key": "bulk"}
    assert {r["user_id"] for r in rows(db, "select user_id from outreach.message")} == set(willing)
    # At different hours within a day, none at night.
    due = [r["due_at"] for r in rows(db, "select due_at from outreach.message")]
    assert all(NOW <= d < NOW + DAY for d in due)
    assert len(set(due)) > 1
    noted = row(db, "select actor, detail from policy.audit where action = 'send_bulk'")
    assert (noted["actor"], noted["detail"]["reason"], noted["detail"]["people"]) == (ADMIN, "the storm of Monday", 7)
    made = row(db, "select name, kind, status, created_by from smartengage.campaign")
    assert made == {"name": "roads closed", "kind": "announcement", "status": "running", "created_by": ADMIN}


def test_a_bulk_send_to_a_list_with_a_holdout(db: Db) -> None:
    users = [reader(db) for _ in range(40)]
    done = bulk(db, user_ids=users + users[:3], holdout_share=0.5)
    assert done["candidates"] == done["messages"] + done["ghosts"] == 40
    ghosts = {r["user_id"] for r in rows(db, "select user_id from outreach.message where state = 'ghost'")}
    share = "select stats.bucket(%s, %s)"
    assert ghosts == {u for u in users if value(db, share, u, f"{done['campaign_id']}/holdout") < 0.5}


def test_a_bulk_send_goes_to_its_canary_and_later_once_to_the_rest(db: Db, clock: Clock) -> None:
    set_rule(db, "guardrail.min_sample", 1)
    set_rule(db, "canary.hold", 1)
    users = [reader(db) for _ in range(30)]
    done = bulk(db, user_ids=users, canary_share=0.3, urgent=True)
    assert 0 < done["messages"] < 30
    assert done["refusals"] == {"not_in_canary": 30 - done["messages"]}
    for message in claim(db)["messages"]:
        record_outcome(db, message["message_id"], "accepted")
    clock.advance(minutes=59)
    assert value(db, "select jobs.judge_campaigns()")["widened"] == []
    clock.advance(minutes=1)
    assert value(db, "select jobs.judge_campaigns()")["widened"] == [done["campaign_id"]]
    # The worker runs the job.
    _, job = rows(
        db, "select convert_from(payload, 'UTF8')::jsonb as p from queue.pgqueuer where entrypoint = 'plan' order by id"
    )
    rest = value(db, "select jobs.plan_campaign(%s, %s)", job["p"]["campaign_id"], job["p"]["trigger_key"])
    assert (rest["candidates"], rest["messages"]) == (30 - done["messages"], 30 - done["messages"])
    assert value(db, "select count(distinct user_id) from outreach.message") == 30
    assert value(db, "select bool_and(exempt_reason is not null) from outreach.message")
    assert value(db, "select bool_and(identity_holds) from smartengage.run_reconciliation")


def test_a_bulk_send_completes_when_all_is_sent(db: Db, clock: Clock) -> None:
    bulk(db, user_ids=[reader(db)], urgent=True)
    for message in claim(db)["messages"]:
        assert value(db, "select jobs.sweep()")["completed"] == 0
        record_outcome(db, message["message_id"], "accepted")
    db.execute("delete from queue.pgqueuer where entrypoint = 'plan'")
    assert value(db, "select jobs.sweep()")["completed"] == 1
    assert value(db, "select jobs.plan_daily()")["runs"] == []


def test_the_request_plans_nothing_and_the_job_plans_once(db: Db, connect: Connect) -> None:
    """What the request writes does not depend on the number of recipients."""
    users = [reader(db) for _ in range(8)]
    before = everything(db)
    answer = asked(db, user_ids=users)
    assert (answer["people"], answer["run_id"], answer["preview"]) == (8, None, None)
    wrote = {table: n - before[table] for table, n in everything(db).items() if n != before[table]}
    # The job, the send, and the creation of the campaign.
    assert wrote == {"smartengage.campaign": 1, "queue.pgqueuer": 1, "policy.audit": 2}
    # A sweep in between does not complete it.
    assert value(db, "select smartengage.advance_campaigns(%s)", NOW)["completed"] == 0
    with pytest.raises(psycopg.Error) as taken:
        asked(db, user_ids=users)
    assert taken.value.sqlstate == "SH409"

    plan = "select smartengage.plan_run_or_fail(%s, %s, %s)"
    one, two = connect(autocommit=False), connect()
    first = value(one, plan, answer["campaign_id"], "bulk", NOW)
    with run_concurrently(lambda: value(two, plan, answer["campaign_id"], "bulk", NOW + HOUR)) as outcome:
        wait_until_blocked(db, two.info.backend_pid)
        one.commit()
    assert (first["messages"], first["already"]) == (8, False)
    assert outcome[0] == first | {"already": True}
    # Also by a job with another trigger key.
    assert value(db, plan, answer["campaign_id"], "widened", NOW) == first | {"already": True}
    assert value(db, "select count(*) from smartengage.run") == 1
    assert value(db, "select count(*) from outreach.message") == 8
    # The list of recipients is deleted once planned.
    assert value(db, "select count(user_ids) from smartengage.announcement") == 0


def test_the_members_of_the_segment_at_planning_get_it(db: Db) -> None:
    one, other, late = reader(db), reader(db), reader(db)
    segment(db, [one, other], "at_risk")
    segment(db, [late], "repeat")
    answer = asked(db, segments=["at_risk"])
    db.execute("update smartengage.customer_segment set segment = 'repeat' where user_id = %s", [other])
    db.execute("update smartengage.customer_segment set segment = 'at_risk' where user_id = %s", [late])
    value(db, "select smartengage.plan_run_or_fail(%s, 'bulk', %s)", answer["campaign_id"], NOW)
    assert {r["user_id"] for r in rows(db, "select user_id from outreach.message")} == {one, late}


@pytest.mark.parametrize("act", ["pause", "stop"])
def test_a_bulk_send_paused_or_stopped_before_planning_sends_nothing(db: Db, act: str) -> None:
    campaign_id = asked(db, user_ids=[reader(db)])["campaign_id"]
    status = {"pause": "paused", "stop": "stopped"}[act]
    value(db, "select smartengage.set_campaign_status(%s, %s, 'ops', 'wait')", campaign_id, status)
    plan = "select smartengage.plan_run_or_fail(%s, 'bulk', %s)"
    assert value(db, plan, campaign_id, NOW) == {"campaign_id": campaign_id, "status": status}
    assert value(db, "select count(*) from outreach.message") == 0
    # A paused one is enqueued again.
    assert value(db, "select count(*) from queue.pgqueuer where entrypoint = 'plan'") == (2 if act == "pause" else 1)
    if act == "pause":
        value(db, "select smartengage.set_campaign_status(%s, 'running', 'ops', 'go')", campaign_id)
        assert value(db, plan, campaign_id, NOW + HOUR)["messages"] == 1


def test_a_person_without_a_bucket_fails_the_whole_send(db: Db) -> None:
    """Scenario 51 for announcements."""
    users = [reader(db) for _ in range(3)]
    db.execute(
        "create or replace function stats.bucket(p_user_id uuid, p_salt text) returns double precision"
        f" language sql immutable return case when p_user_id <> '{users[1]}' then 0.5::double precision end"
    )
    before = everything(db)
    with pytest.raises(psycopg.Error, match="nothing would be sent"):
        asked(db, user_ids=users, dry_run=True)
    assert everything(db) == before
    campaign_id = asked(db, user_ids=users)["campaign_id"]
    failed = value(db, "select smartengage.plan_run_or_fail(%s, 'bulk', %s)", campaign_id, NOW)
    assert failed == {"campaign_id": campaign_id, "failed": "23502"}
    assert value(db, "select status from smartengage.campaign") == "failed"
    assert value(db, "select count(*) from policy.alert where kind = 'campaign_failed'") == 1
    left = everything(db)
    for table in ("smartengage.run", "smartengage.candidate", "outreach.message", "outreach.delivery"):
        assert left[table] == before[table], table


# Invalid requests ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"template_id": uuid4()}, "template_id"),
        ({"template_id": "unapproved"}, "template_id"),
        ({"template_id": "retired"}, "template_id"),
        ({"template_id": "of a service"}, "service_id"),
        ({"service_id": uuid4()}, "service_id"),
        ({"segments": ["repeat"], "user_ids": "theirs"}, "segments"),
        ({"segments": None, "user_ids": None}, "segments"),
        ({"segments": []}, "segments"),
        ({"segments": ["asleep"]}, "segments"),
        ({"segments": ["inactive"]}, "segments"),
        ({"segments": ["new", "repeat", "at_risk", "inactive"]}, "segments"),
        # All customers.
        ({"segments": ["new", "repeat", "at_risk"]}, "segments"),
        ({"segments": None, "user_ids": "a worker among them"}, "user_ids"),
        ({"segments": None, "user_ids": "a stranger among them"}, "user_ids"),
        ({"name": "taken"}, "name"),
    ],
)
def test_a_wrong_bulk_send_is_refused_with_its_field_and_changes_nothing(
    db: Db, wrong: dict[str, Any], field: str
) -> None:
    users = [reader(db), reader(db)]
    segment(db, users[:1], "repeat")
    segment(db, users[1:], "at_risk")
    campaign(db, name="taken")
    people = {
        "theirs": users,
        "a worker among them": [*users, person(db, role="worker")],
        "a stranger among them": [*users, uuid4()],
    }
    texts = {"of a service": text(db)}
    for kind in ("unapproved", "retired"):
        texts[kind] = value(
            db,
            "insert into text.template (kind, language, variant, origin, subject, body, created_at, approved_by,"
            " approved_at, retired_at) values ('announcement', 'bn', %s, 'house', 'x', 'x', %s, %s, %s, %s)"
            " returning template_id",
            kind, NOW, *((None, None, None) if kind == "unapproved" else ("x", NOW, NOW)),
        )  # fmt: skip
    given: dict[str, Any] = {"segments": ["repeat"]} | wrong
    given = {
        name: texts.get(setting, setting) if name == "template_id" else people.get(setting, setting)
        if name == "user_ids" and isinstance(setting, str) else setting
        for name, setting in given.items()
    }  # fmt: skip
    before = everything(db)
    with pytest.raises(psycopg.Error) as refusal:
        bulk(db, **given)
    assert refusal.value.sqlstate == ("SH409" if field == "name" else "SH422")
    assert refusal.value.diag.column_name == field
    assert everything(db) == before


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"template_id": uuid4()}, "template_id"),
        ({"service_id": uuid4()}, "service_id"),
        ({"user_id": uuid4()}, "user_id"),
        ({"user_id": "worker"}, "user_id"),
    ],
)
def test_a_wrong_single_send_is_refused_with_its_field_and_changes_nothing(
    db: Db, wrong: dict[str, Any], field: str
) -> None:
    given = {"user": reader(db)} | wrong
    if given.get("user_id") == "worker":
        given["user_id"] = person(db, role="worker")
    before = everything(db)
    with pytest.raises(psycopg.Error) as refusal:
        single(db, **given)
    assert (refusal.value.sqlstate, refusal.value.diag.column_name) == ("SH422", field)
    assert everything(db) == before
