"""A stop and a claim, or a plan, at once: whichever is first is seen by the other, and nothing goes after the stop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import psycopg
from psycopg import Connection

from tests.marketplace import campaign, rhythm, service
from tests.outbox import (
    DAY,
    HOUR,
    NOW,
    claim,
    message,
    reader,
    record_outcome,
    rows,
    run_concurrently,
    set_rule,
    state,
    value,
    wait_until_blocked,
)

Connect = Callable[..., Connection[Any]]

ROLL_BACK = "select message_id, state from smartengage.roll_back(%s, null, 'ops', 'wrong text', %s)"


def planned(db: Connection[Any], number: int) -> tuple[UUID, list[UUID]]:
    """A campaign with a run of so many messages, all due."""
    campaign_id = campaign(db)
    run_id = value(
        db,
        "insert into smartengage.run (campaign_id, trigger_key, planned_at, candidates)"
        " values (%s, 'once', %s, %s) returning run_id",
        campaign_id, NOW - HOUR, number,
    )  # fmt: skip
    return campaign_id, [message(db, reader(db), campaign_id=campaign_id, run_id=run_id) for _ in range(number)]


def test_a_stop_committed_before_the_claim_wins(db: Connection[Any]) -> None:
    campaign_id, messages = planned(db, 3)
    db.execute("update smartengage.campaign set status = 'stopped' where campaign_id = %s", [campaign_id])
    assert claim(db) | {"messages": None} == {
        "messages": None, "claimed": 0, "refused": 3, "expired": 0, "deferred": 0, "more": False,
    }  # fmt: skip
    assert {state(db, m)["reason"] for m in messages} == {"campaign_stopped"}


def test_a_claim_begun_before_the_stop_but_deciding_after_it_sends_nothing(
    db: Connection[Any], connect: Connect
) -> None:
    """The claim's transaction, and so its instant, is older than the stop; its decision is not."""
    campaign_id, messages = planned(db, 3)
    slow = connect(autocommit=False)
    value(slow, "select now()")
    rows(db, ROLL_BACK, campaign_id, NOW)
    assert claim(slow)["claimed"] == 0
    slow.commit()
    assert {state(db, m)["state"] for m in messages} == {"refused"}


def test_a_claim_does_not_wait_for_a_stop_under_way_and_takes_nothing_of_it(
    db: Connection[Any], connect: Connect
) -> None:
    campaign_id, messages = planned(db, 3)
    other = message(db, reader(db))
    stopping = connect(autocommit=False)
    assert rows(stopping, ROLL_BACK, campaign_id, NOW) == []
    answer = claim(db)
    assert [m["message_id"] for m in answer["messages"]] == [str(other)]
    stopping.commit()
    assert claim(db)["claimed"] == 0
    assert {state(db, m)["state"] for m in messages} == {"refused"}


def test_a_stop_waits_for_a_claim_under_way_and_lists_what_it_took(db: Connection[Any], connect: Connect) -> None:
    campaign_id, messages = planned(db, 5)
    claiming, stopping = connect(autocommit=False), connect()
    taken = {UUID(m["message_id"]) for m in claim(claiming, limit=2)["messages"]}
    assert len(taken) == 2
    with run_concurrently(lambda: rows(stopping, ROLL_BACK, campaign_id, NOW)) as outcome:
        wait_until_blocked(db, stopping.info.backend_pid)
        claiming.commit()
    assert {entry["message_id"]: entry["state"] for entry in outcome[0]} == dict.fromkeys(taken, "claimed")
    assert {m for m in messages if state(db, m)["state"] == "refused"} == set(messages) - taken
    # The provider did not take one of them: it is not tried again.
    later, sooner = sorted(taken)
    record_outcome(db, later, "later")
    record_outcome(db, sooner, "accepted")
    assert (state(db, later)["state"], state(db, sooner)["state"]) == ("expired", "sent")
    assert claim(db, NOW + DAY)["claimed"] == 0


def test_a_stop_waits_for_a_plan_under_way_and_stops_what_it_made(db: Connection[Any], connect: Connect) -> None:
    set_rule(db, "holdout.global_share", 0)
    rhythm(db, reader(db), service(db), last=NOW - 26 * DAY, times=5)
    value(db, "select smartengage.refresh_snapshots(%s)", NOW)
    campaign_id = campaign(db)
    planning, stopping = connect(autocommit=False), connect()
    assert value(planning, "select smartengage.plan_reminder_run(%s, 'once', %s)", campaign_id, NOW)["messages"] == 1
    with run_concurrently(lambda: rows(stopping, ROLL_BACK, campaign_id, NOW)) as outcome:
        wait_until_blocked(db, stopping.info.backend_pid)
        planning.commit()
    assert outcome == [[]]
    assert value(db, "select state from outreach.message") == "refused"
    assert value(db, "select bool_and(identity_holds) from smartengage.run_reconciliation")


def test_a_plan_that_waits_for_a_stop_plans_nothing(db: Connection[Any], connect: Connect) -> None:
    campaign_id = campaign(db)
    stopping, planning = connect(autocommit=False), connect()
    rows(stopping, ROLL_BACK, campaign_id, NOW)
    with run_concurrently(
        lambda: value(planning, "select smartengage.plan_reminder_run(%s, 'once', %s)", campaign_id, NOW)
    ) as outcome:
        wait_until_blocked(db, planning.info.backend_pid)
        stopping.commit()
    assert isinstance(outcome[0], psycopg.Error)
    assert outcome[0].sqlstate == "SH409"
    assert value(db, "select count(*) from smartengage.run") == 0


def test_two_judges_at_once_stop_once_and_raise_one_alert(db: Connection[Any], connect: Connect) -> None:
    campaign_id, messages = planned(db, 4)
    claim(db, limit=10)
    for message_id in messages:
        record_outcome(db, message_id, "refused", error="no such mailbox")
    one, two = connect(autocommit=False), connect()
    judge = "select smartengage.judge_campaign(%s, %s)"
    assert value(one, judge, campaign_id, NOW) == "stopped"
    with run_concurrently(lambda: value(two, judge, campaign_id, NOW)) as outcome:
        wait_until_blocked(db, two.info.backend_pid)
        one.commit()
    assert outcome == ["unchanged"]
    assert value(db, "select count(*) from policy.alert") == 1
    assert value(db, "select count(*) from policy.audit where action = 'campaign_stopped'") == 1
