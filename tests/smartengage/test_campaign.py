"""The status of a campaign: allowed transitions, their audit, and when it starts, ends and fails by itself."""

from __future__ import annotations

from itertools import product
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import Connection

from tests.candidates import profile
from tests.conftest import Clock
from tests.marketplace import campaign, rhythm, service
from tests.outbox import DAY, HOUR, NOW, claim, message, reader, row, rows, set_rule, state, value

STATUSES = ["draft", "scheduled", "running", "paused", "completed", "stopped", "failed"]
STEPS = {
    "draft": {"scheduled", "running", "stopped"},
    "scheduled": {"draft", "running", "stopped", "failed"},
    "running": {"paused", "completed", "stopped", "failed"},
    "paused": {"running", "stopped", "failed"},
    "completed": {"stopped"},
    "failed": {"running", "stopped"},
    "stopped": set(),
}


def status(db: Connection[Any], campaign_id: UUID) -> str:
    found: str = value(db, "select status from smartengage.campaign where campaign_id = %s", campaign_id)
    return found


@pytest.mark.parametrize(("before", "after"), [pair for pair in product(STATUSES, STATUSES) if pair[0] != pair[1]])
def test_each_transition_by_hand(db: Connection[Any], before: str, after: str) -> None:
    campaign_id = campaign(db, status=before, starts_at=NOW)
    step = "update smartengage.campaign set status = %s where campaign_id = %s"
    if after in STEPS[before]:
        db.execute(step, [after, campaign_id])
        assert status(db, campaign_id) == after
        noted = row(db, "select actor, action, detail from policy.audit where action = %s", f"campaign_{after}")
        assert noted["actor"] == value(db, "select session_user")
        assert noted["detail"]["reason"] == "by hand"
        assert noted["detail"]["changed"] == {"status": [before, after]}
    else:
        with pytest.raises(psycopg.Error) as refusal:
            db.execute(step, [after, campaign_id])
        assert refusal.value.sqlstate == "SH409"
        assert status(db, campaign_id) == before


def test_a_transition_by_an_admin_is_audited_once_with_actor_and_reason(db: Connection[Any]) -> None:
    campaign_id = campaign(db)
    move = "select smartengage.set_campaign_status(%s, 'paused', 'someone', 'too many calls')"
    assert value(db, move, campaign_id) == "running"
    assert value(db, move, campaign_id) == "paused"
    noted = row(db, "select actor, detail ->> 'reason' as reason from policy.audit where action = 'campaign_paused'")
    assert noted == {"actor": "someone", "reason": "too many calls"}


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ("name = ' '", "campaign_name_is_given"),
        ("kind = 'announcement'", "SH409"),
        ("holdout_share = 0.5", "SH409"),
        ("holdout_share = 1.01", "SH409"),
        ("canary_share = 1.01", "campaign_shares_are_shares"),
        ("canary_share = -0.01", "campaign_shares_are_shares"),
        ("status = 'soon'", "SH409"),
        ("starts_at = clock.now(), ends_at = clock.now()", "campaign_ends_after_start"),
        ("window_from = '10:00', window_until = '10:00'", "campaign_window_is_within_a_day"),
        ("channels = '{}'", "campaign_channels_are_known"),
        ("channels = '{pigeon}'", "campaign_channels_are_known"),
    ],
)
def test_changes_that_no_writer_can_make(db: Connection[Any], change: str, refusal: str) -> None:
    campaign_id = campaign(db)
    value(db, "select smartengage.plan_reminder_run(%s, 'once', %s)", campaign_id, NOW)
    before = rows(db, "select to_jsonb(c) as c from smartengage.campaign c")
    with pytest.raises(psycopg.Error) as caught:
        db.execute(f"update smartengage.campaign set {change}")
    assert refusal in (caught.value.sqlstate, caught.value.diag.constraint_name)
    assert rows(db, "select to_jsonb(c) as c from smartengage.campaign c") == before


def jobs(db: Connection[Any]) -> list[dict[str, Any]]:
    return [
        r["payload"]
        for r in rows(
            db,
            "select convert_from(payload, 'UTF8')::jsonb as payload from queue.pgqueuer where entrypoint = 'plan'"
            " order by id",
        )
    ]


def test_a_scheduled_campaign_starts_at_its_instant_and_ends_at_its_end(db: Connection[Any], clock: Clock) -> None:
    ending = campaign(db, status="scheduled", starts_at=NOW, ends_at=NOW + DAY)
    once = campaign(db, status="scheduled", starts_at=NOW + HOUR, repeats=False)
    clock.set(NOW - HOUR)
    assert value(db, "select jobs.sweep()")["started"] == 0
    clock.set(NOW)
    assert value(db, "select jobs.sweep()")["started"] == 1
    assert (status(db, ending), status(db, once)) == ("running", "scheduled")
    assert jobs(db) == [{"campaign_id": str(ending), "trigger_key": "daily 2026-11-23"}]
    # If the daily planning is first, the worker's job finds its run.
    value(db, "select jobs.plan_daily()")
    assert value(db, "select jobs.plan_campaign(%s, 'daily 2026-11-23')", ending)["already"]
    clock.set(NOW + HOUR)
    assert value(db, "select jobs.sweep()")["started"] == 1
    assert jobs(db)[1] == {"campaign_id": str(once), "trigger_key": "start"}
    clock.set(NOW + DAY - HOUR)
    assert value(db, "select jobs.sweep()")["completed"] == 0
    clock.set(NOW + DAY)
    assert value(db, "select jobs.sweep()")["completed"] == 1
    assert status(db, ending) == "completed"
    noted = row(db, "select actor, detail ->> 'reason' as reason from policy.audit where action = 'campaign_completed'")
    assert noted == {"actor": "schedule", "reason": "ends_at has come"}


def test_a_campaign_that_does_not_repeat_completes_when_all_its_messages_have_ended(
    db: Connection[Any], clock: Clock
) -> None:
    set_rule(db, "holdout.global_share", 0)
    campaign_id = campaign(db, repeats=False)
    profile(db, reader(db), service(db))
    assert value(db, "select jobs.plan_daily()")["runs"] == []
    # Without a run it is not complete.
    assert value(db, "select jobs.sweep()")["completed"] == 0
    value(db, "select smartengage.enqueue_plan(%s, 'again', null)", campaign_id)
    value(db, "select smartengage.plan_reminder_run(%s, 'once', %s)", campaign_id, NOW)
    clock.set(NOW + DAY)
    assert claim(db, NOW + DAY)["claimed"] == 1
    assert value(db, "select jobs.sweep()")["completed"] == 0
    db.execute("update outreach.message set state = 'sent'")
    # A run is still enqueued.
    assert value(db, "select jobs.sweep()")["completed"] == 0
    db.execute("delete from queue.pgqueuer where entrypoint = 'plan'")
    assert value(db, "select jobs.sweep()")["completed"] == 1
    assert status(db, campaign_id) == "completed"


def test_a_canary_that_is_not_rolled_out_keeps_its_campaign_open(db: Connection[Any], clock: Clock) -> None:
    campaign_id = campaign(db, repeats=False, canary_share=0.1)
    value(db, "select smartengage.plan_reminder_run(%s, 'once', %s)", campaign_id, NOW)
    assert value(db, "select jobs.sweep()")["completed"] == 0
    db.execute("update smartengage.campaign set widened_at = %s", [NOW])
    assert value(db, "select jobs.sweep()")["completed"] == 1


# A run of some segments ---------------------------------------------------------------------------------------------


def test_a_run_of_one_segment_reaches_only_that_and_only_within_the_campaign(db: Connection[Any]) -> None:
    set_rule(db, "holdout.global_share", 0)
    home = service(db)
    users = {segment: reader(db) for segment in ("repeat", "at_risk", "inactive")}
    for segment, user in users.items():
        profile(db, user, home, segment=segment)
    campaign_id = campaign(db, segments=["repeat", "at_risk"])
    plan = "select smartengage.plan_reminder_run(%s, %s, %s, %s)"
    assert value(db, plan, campaign_id, "inactive", NOW, ["inactive"])["candidates"] == 0
    assert value(db, plan, campaign_id, "at_risk", NOW, ["at_risk"])["candidates"] == 1
    assert rows(db, "select user_id from smartengage.candidate") == [{"user_id": users["at_risk"]}]
    assert value(db, "select segments from smartengage.run where trigger_key = 'at_risk'") == ["at_risk"]
    assert value(db, plan, campaign_id, "all", NOW, None)["messages"] == 1


# Failing ------------------------------------------------------------------------------------------------------------

SHARE = "create or replace function stats.bucket(p_user_id uuid, p_salt text) returns double precision"
BROKEN = {
    "it raises": f"{SHARE} language plpgsql immutable as $$ begin raise division_by_zero; end $$",
    "it gives nothing": f"{SHARE} language sql immutable return null::double precision",
    "for some it gives nothing": f"{SHARE} language sql immutable"
    " return case when p_user_id::text < '8' then 0.5::double precision end",
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN.keys())
def test_scenario_51_where_assignment_fails_nothing_is_sent(db: Connection[Any], clock: Clock, broken: str) -> None:
    home = service(db)
    # Ids from both halves, so that some could be assigned.
    users = [reader(db, user_id=UUID(f"{first}0000000-0000-4000-8000-{n:012d}")) for n, first in enumerate("13579bdf")]
    for user in users:
        rhythm(db, user, home, last=NOW - 26 * DAY, times=5)
    broken_one = campaign(db, holdout_share=0.1)
    set_rule(db, "holdout.global_share", 0)
    # The function itself is replaced, for every caller.
    db.execute(broken)

    planned = value(db, "select jobs.plan_daily()")["runs"]
    assert [(run["campaign_id"], "failed" in run) for run in planned] == [(str(broken_one), True)]
    assert status(db, broken_one) == "failed"
    assert value(db, "select count(*) from outreach.message where campaign_id = %s", broken_one) == 0
    assert value(db, "select count(*) from smartengage.run where campaign_id = %s", broken_one) == 0
    alert = row(db, "select kind, subject, detail from policy.alert")
    assert (alert["kind"], alert["subject"]) == ("campaign_failed", f"campaign {broken_one}")
    assert alert["detail"]["trigger_key"] == "daily 2026-11-23"
    # A failed campaign is not planned again, and raises one alert.
    assert value(db, "select jobs.plan_daily()")["runs"] == []
    assert value(db, "select count(*) from policy.alert") == 1


FAILING = "create trigger fails before insert on smartengage.run for each row execute function smartengage.fails()"


def test_one_campaign_that_fails_does_not_take_the_others_along(db: Connection[Any], clock: Clock) -> None:
    home = service(db)
    rhythm(db, reader(db), home, last=NOW - 26 * DAY, times=5)
    set_rule(db, "holdout.global_share", 0)
    bad, good = campaign(db), campaign(db)
    db.execute(
        "create function smartengage.fails() returns trigger language plpgsql as $$ begin"
        f" if new.campaign_id = '{bad}' then raise check_violation; end if; return new; end $$"
    )
    db.execute(FAILING)
    planned = value(db, "select jobs.plan_daily()")["runs"]
    assert [(run["campaign_id"], run.get("failed"), run.get("messages")) for run in planned] == [
        (str(bad), "23514", None),
        (str(good), None, 1),
    ]


@pytest.mark.parametrize("passing", ["40001", "40P01", "53100", "55P03", "57P01", "08006"])
def test_what_passes_by_itself_is_tried_again_and_fails_no_campaign(
    db: Connection[Any], clock: Clock, passing: str
) -> None:
    campaign_id = campaign(db)
    db.execute(
        "create function smartengage.fails() returns trigger language plpgsql as $$ begin"
        f" raise exception 'not now' using errcode = '{passing}'; end $$"
    )
    db.execute(FAILING)
    with pytest.raises(psycopg.Error) as caught:
        value(db, "select jobs.plan_daily()")
    assert caught.value.sqlstate == passing
    assert status(db, campaign_id) == "running"
    db.execute("drop trigger fails on smartengage.run")
    assert value(db, "select jobs.plan_daily()")["runs"][0]["already"] is False


def test_a_failed_campaign_holds_what_it_had_planned_until_it_is_mended(db: Connection[Any]) -> None:
    campaign_id = campaign(db)
    message_id = message(db, reader(db), campaign_id=campaign_id)
    value(db, "select smartengage.set_campaign_status(%s, 'failed', 'planner', 'planning_failed')", campaign_id)
    assert claim(db)["claimed"] == 0
    assert state(db, message_id)["state"] == "scheduled"
    value(db, "select smartengage.set_campaign_status(%s, 'running', 'someone', 'mended')", campaign_id)
    assert claim(db)["claimed"] == 1
