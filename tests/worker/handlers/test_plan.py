"""A preview of a campaign computed by a real worker process."""

from __future__ import annotations

from db.connection import Connection
from tests.worker.stage import Reminders, Start, until


def test_the_worker_computes_a_preview(reminders: Reminders, worker: Start, db: Connection) -> None:
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
