"""Housekeeping: what is counted, deleted and repeated."""

from __future__ import annotations

from db.connection import Connection


def test_the_queue_log_tells_how_many_processes_died(db: Connection) -> None:
    """jobs.crash_count: pick-ups since the last end, without the present one."""

    def crashes(*statuses: str) -> int:
        db.execute("delete from queue.pgqueuer_log")
        for status in statuses:
            db.execute(
                "insert into queue.pgqueuer_log (job_id, status, priority, entrypoint) values (7, %s, 0, 'plan')",
                [status],
            )
        row = db.execute("select (jobs.crash_count(7) ->> 'crashes')::int").fetchone()
        assert row is not None
        died: int = row[0]
        return died

    assert crashes() == 0
    assert crashes("picked") == 0
    assert crashes("picked", "picked", "picked") == 2
    assert crashes("picked", "picked", "queued", "picked") == 0
    assert crashes("picked", "failed", "picked", "picked") == 1


def test_entries_of_ended_processes_are_deleted(db: Connection) -> None:
    db.execute(
        "insert into queue.listener select gen_random_uuid(), now() - s"
        " from unnest(array['25 hours', '23 hours']::interval[]) s"
    )
    one = "01900000-0000-7000-8000-000000000001"
    for _ in range(2):
        db.execute("select jobs.record_listener_heartbeat(%s)", [one])
    try:
        rows = db.execute("select heartbeat_at > now() - interval '1 minute' from queue.listener order by 1").fetchall()
        assert rows == [(False,), (True,)]
    finally:
        db.execute("delete from queue.listener")
