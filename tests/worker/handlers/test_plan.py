"""Planning and previews by queued jobs."""

from __future__ import annotations

from typing import Any

import pytest
from psycopg import Connection

from tests.conftest import Clock
from tests.marketplace import campaign, rhythm, service
from tests.outbox import DAY, NOW, reader, row, set_rule, value
from tests.worker.stage import Reminders, Start, until


def test_a_run_enqueued_before_a_pause_is_planned_after_it(db: Connection[Any], clock: Clock) -> None:
    set_rule(db, "holdout.global_share", 0)
    rhythm(db, reader(db), service(db), last=NOW - 26 * DAY, times=5)
    campaign_id = campaign(db)
    value(db, "select smartengage.enqueue_plan(%s, 'once', null)", campaign_id)
    db.execute("update queue.pgqueuer set status = 'picked'")
    value(db, "select smartengage.set_campaign_status(%s, 'paused', 'someone', 'wait')", campaign_id)
    assert value(db, "select jobs.plan_campaign(%s, 'once')", campaign_id) == {
        "campaign_id": str(campaign_id), "status": "paused",
    }  # fmt: skip
    later = row(db, "select convert_from(payload, 'UTF8')::jsonb as asked from queue.pgqueuer where status = 'queued'")
    assert later["asked"] == {"campaign_id": str(campaign_id), "trigger_key": "once"}
    value(db, "select smartengage.set_campaign_status(%s, 'running', 'someone', 'go on')", campaign_id)
    assert value(db, "select jobs.plan_campaign(%s, 'once')", campaign_id)["messages"] == 1


@pytest.mark.parametrize("over", ["completed", "stopped", "failed", "draft"])
def test_a_run_of_a_campaign_that_is_over_is_no_error(db: Connection[Any], clock: Clock, over: str) -> None:
    campaign_id = campaign(db, status=over)
    answer = value(db, "select jobs.plan_campaign(%s, 'once')", campaign_id)
    assert answer == {"campaign_id": str(campaign_id), "status": over}
    assert value(db, "select count(*) from queue.pgqueuer") == 0


def test_a_planning_out_of_retries_raises_one_alert(db: Connection[Any], clock: Clock) -> None:
    value(db, "select smartengage.enqueue_plan(%s, 'once', null)", campaign(db))
    db.execute("update queue.pgqueuer set status = 'failed'")
    for _ in range(2):
        value(db, "select jobs.sweep()")
    alert = row(db, "select kind, detail ->> 'trigger_key' as key from policy.alert")
    assert alert == {"kind": "plan_held", "key": "once"}
    db.execute("update policy.alert set acknowledged_at = clock.now(), acknowledged_by = uuidv7()")
    value(db, "select jobs.sweep()")
    assert value(db, "select count(*) from policy.alert") == 1


def test_the_worker_computes_a_preview(reminders: Reminders, worker: Start, db: Connection[Any]) -> None:
    reminders.customers(["p1@example.com", "p2@example.com"])
    db.execute("select smartengage.refresh_snapshots(clock.now())")
    process = worker()
    db.execute(
        "select smartengage.request_preview(%s, '{\"reminder.min_p14\": 1}', null, null, null, null, 'test', clock.now())",
        [reminders.campaign_id],
    )
    until(lambda: process.said("previewed"), what="the preview")
    found = db.execute(
        "select result #> '{today,candidates}', result #> '{tried,candidates}' from smartengage.preview"
    ).fetchone()
    assert found == (2, 0)
    assert reminders.run_id() is None
