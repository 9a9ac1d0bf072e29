"""The queue: jobs with a key, payloads, instants, notifications."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from psycopg import Connection
from psycopg.types.json import Jsonb

from tests.conftest import Clock
from tests.outbox import DAY, MICRO, NOW, row, value

Connect = Callable[..., Connection[Any]]


def test_a_job_with_a_dedupe_key_exists_once_until_it_is_done(db: Connection[Any]) -> None:
    enqueue = "select queue.enqueue('plan', %s, p_dedupe_key => %s)"
    first = value(db, enqueue, Jsonb({"n": 1}), "k")
    assert first is not None
    assert value(db, enqueue, Jsonb({"n": 2}), "k") is None
    assert value(db, enqueue, Jsonb({"n": 3}), None) is not None
    assert value(db, enqueue, Jsonb({"n": 4}), None) is not None
    db.execute("update queue.pgqueuer set status = 'picked' where id = %s", [first])
    assert value(db, enqueue, Jsonb({"n": 5}), "k") is None
    db.execute("delete from queue.pgqueuer where id = %s", [first])
    assert value(db, enqueue, Jsonb({"n": 6}), "k") is not None


def test_the_payload_of_a_job_is_json_as_bytes(db: Connection[Any]) -> None:
    value(
        db, "select queue.enqueue('deliver', %s, null, 100, null, %s)",
        Jsonb({"channel": "email"}), Jsonb({"traceparent": "00-x"}),
    )  # fmt: skip
    job = row(db, "select entrypoint, priority, status::text, payload, headers from queue.pgqueuer")
    assert job == {
        "entrypoint": "deliver", "priority": 100, "status": "queued", "payload": b'{"channel": "email"}',
        "headers": {"traceparent": "00-x"},
    }  # fmt: skip


def test_jobs_wait_until_the_simulated_clock_reaches_their_instant(db: Connection[Any], clock: Clock) -> None:
    """A stopped clock never reaches a later instant; a running one reaches it at its speed."""

    def wait(moment: Any) -> float:
        seconds: float = value(
            db, "select extract(epoch from clock.wall_clock_at(%s) - clock_timestamp())::float", moment
        )
        return seconds

    assert wait(NOW) <= 0
    assert wait(NOW - DAY) <= 0
    assert wait(NOW + MICRO) > 1e9
    clock.set(NOW, speed=3600)
    assert 22 <= wait(NOW + DAY) <= 24
    job = value(db, "select queue.enqueue('deliver', '{}', %s)", NOW + DAY)
    assert 22 <= value(
        db, "select extract(epoch from execute_after - clock_timestamp())::float from queue.pgqueuer where id = %s", job
    ) <= 24  # fmt: skip


def test_without_a_simulated_clock_a_job_waits_until_its_instant(db: Connection[Any]) -> None:
    job = value(db, "select queue.enqueue('deliver', '{}', %s)", NOW)
    assert value(db, "select execute_after from queue.pgqueuer where id = %s", job) == NOW


def test_many_jobs_in_one_statement_cause_one_notification(db: Connection[Any], connect: Connect) -> None:
    listener = connect()
    listener.execute("listen ch_pgqueuer")
    made = value(
        db, "select queue.enqueue_many('deliver', array_agg('{}'::jsonb), array_agg(%s::timestamptz),"
        " array_agg(n::text)) from generate_series(1, 500) n", NOW,
    )  # fmt: skip
    assert made == 500
    assert len(list(listener.notifies(timeout=0.5))) == 1
