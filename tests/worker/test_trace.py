"""One trace, from a request through all jobs that follow from it to the calls of providers."""

from __future__ import annotations

from typing import Any

from db.connection import Connection
from tests.doubles.process import Sink
from tests.worker.stage import Model, Reminders, Start, Worker, until

TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"


def ids(process: Worker, event: str) -> set[Any]:
    return {line["trace_id"] for line in process.said(event)}


def test_a_run_is_one_trace_from_its_request_to_its_last_message(
    reminders: Reminders, worker: Start, model: Model, sink: Sink, db: Connection
) -> None:
    reminders.customers([f"p{n}@example.com" for n in range(20)])
    process = worker(SMTP_URL=sink.url, OPENAI_API_KEY="none", OPENAI_BASE_URL=f"{model.url}/v1")
    # As the app's transaction of POST /admin/campaigns/run does it.
    db.execute(
        "select smartengage.enqueue_plan(%s, 'asked', null) from set_config('shokti.traceparent', %s, true)",
        [reminders.campaign_id, f"00-{TRACE_ID}-00f067aa0ba902b7-01"],
    )
    until(lambda: process.said("composed"), what="composed")
    # Without a wake-up from here: the jobs that composing made must be enough.
    db.execute("update outreach.message set due_at = clock.now() where state = 'scheduled'")
    db.execute("update queue.pgqueuer set execute_after = now() - interval '1 second' where status = 'queued'")
    until(lambda: reminders.states() == {"sent": 20}, what="all sent")
    until(lambda: sum(line["claimed"] for line in process.said("delivered")) == 20, what="the log")
    for event in ("planned", "composed", "delivered"):
        assert ids(process, event) == {TRACE_ID}, event
    told = [str(trace).split("-") for trace in model.traces()]
    assert told
    assert {trace_id for _, trace_id, _, _ in told} == {TRACE_ID}
    # Each call is a span of its own.
    assert len({span for _, _, span, _ in told}) == len(told)


def test_a_job_that_nobody_asked_for_begins_a_trace(worker: Start, db: Connection) -> None:
    """A job made in psql."""
    db.execute("select queue.enqueue('sweep', '{}')")
    assert db.execute("select headers from queue.pgqueuer").fetchone() == (None,)
    process = worker()
    (one,) = until(lambda: ids(process, "swept"), what="swept")
    db.execute("select queue.enqueue('sweep', '{}', p_headers => '{\"traceparent\": \"rubbish\"}')")
    two = until(lambda: ids(process, "swept") - {one}, what="swept again")
    assert len(one) == 32
    assert all(len(trace_id) == 32 for trace_id in two)
