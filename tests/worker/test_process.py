"""Failures of a worker process: lost listeners, poisoned jobs, dying processes; the supervisor that restarts it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from db.connection import Connection, connect
from db.fault import EXIT_CONFIGURATION, EXIT_UNAVAILABLE
from db.settings import ROOT
from tests.conftest import Connect
from tests.doubles.process import Sink
from tests.worker.stage import Reminders, Start, until
from worker.supervisor import ManagedProcess, Supervisor


@pytest.fixture
def superuser(superuser_url: str) -> Iterator[Connection]:
    """A connection that sees and ends the sessions of all roles, as an administrator does."""
    with connect(superuser_url, application_name="shokti test superuser") as connection:
        yield connection


def listeners(db: Connection) -> list[int]:
    rows = db.execute(
        "select pid from pg_stat_activity"
        " where application_name = 'shokti worker listen' and datname = current_database()"
    ).fetchall()
    return [row[0] for row in rows]


def job(db: Connection, job_id: int) -> tuple[Any, ...] | None:
    return db.execute("select status::text, payload from queue.pgqueuer where id = %s", [job_id]).fetchone()


def enqueue(db: Connection, entrypoint: str, payload: object) -> int:
    row = db.execute("select queue.enqueue(%s, %s::jsonb)", [entrypoint, json.dumps(payload)]).fetchone()
    assert row is not None
    job_id: int = row[0]
    return job_id


def test_it_listens_on_a_connection_of_its_own_and_every_connection_tells_its_use(
    worker: Start, superuser: Connection
) -> None:
    worker()
    rows = superuser.execute(
        "select application_name, usename, query from pg_stat_activity where application_name like 'shokti worker%'"
        " and datname = current_database()"
    ).fetchall()
    assert {row[0] for row in rows} == {"shokti worker listen", "shokti worker jobs", "shokti worker queue"}
    assert ["LISTEN" in query for name, _, query in rows if name == "shokti worker listen"] == [True]


def test_a_worker_that_has_gone_deaf_ends_and_says_so(worker: Start, superuser: Connection) -> None:
    """18: pg_terminate_backend on the listening connection. pgqueuer by itself would run on without notifications."""
    process = worker()
    (pid,) = until(lambda: listeners(superuser))
    superuser.execute("select pg_terminate_backend(%s)", [pid])
    assert process.process.wait(timeout=30) == 1
    assert "ListenerLostError" in process.said("ended")[-1]["error"]


def test_lost_connections_to_work_with_are_replaced(reminders: Reminders, worker: Start, superuser: Connection) -> None:
    """18: all connections but the listening one are cut; the process continues and sends due messages."""
    reminders.customers([f"p{n}@example.com" for n in range(20)])
    process = worker()
    reminders.plan()
    until(reminders.run_id)
    superuser.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where application_name in ('shokti worker jobs', 'shokti worker queue') and datname = current_database()"
    )
    reminders.send_now()
    until(lambda: reminders.states() == {"sent": 20})
    assert process.process.poll() is None


def test_a_job_that_meets_a_lost_connection_goes_back(
    reminders: Reminders, worker: Start, superuser: Connection, db: Connection
) -> None:
    """The count of its crashes is the first call on the connection. The job did not fail, so it is not held."""
    process = worker()
    cut = (
        "select count(pg_terminate_backend(pid)) from pg_stat_activity"
        " where application_name = 'shokti worker jobs' and datname = current_database()"
    )
    until(lambda: superuser.execute(cut).fetchone() != (0,))
    enqueue(db, "sweep", {})
    until(reminders.queue_is_empty)
    assert reminders.held() == []
    assert len(process.said("swept")) == 1


def test_61_a_job_that_cannot_be_understood_is_held_with_its_payload_and_others_go_on(
    worker: Start, db: Connection
) -> None:
    bad = enqueue(db, "deliver", {"chanel": "email"})
    good = enqueue(db, "sweep", {})
    process = worker()
    until(lambda: (job(db, bad) or ("",))[0] == "failed", what="held")
    assert job(db, bad) == ("failed", b'{"chanel": "email"}')
    until(lambda: job(db, good) is None, what="the other job is done")
    assert process.process.poll() is None


def test_61_a_job_in_hand_when_processes_die_is_held_in_the_end(
    worker: Start, connect: Connect, db: Connection
) -> None:
    """The process is killed three times while its job waits for a lock; the job is then not begun again."""
    blocker = connect(autocommit=False)
    blocker.execute("lock table outreach.message in access exclusive mode")
    poison = enqueue(db, "deliver", {"channel": "email"})
    taken = "select count(*) from queue.pgqueuer_log where status = 'picked'"
    begun = "select count(*) from pg_locks where not granted and relation = 'outreach.message'::regclass"

    def in_hand(times: int) -> bool:
        return db.execute(begun).fetchone() == (times,)

    # A backend that waits for a lock does not notice the death of its client, so it still waits.
    for times in range(1, 4):
        process = worker("--heartbeat", "0.5")
        until(partial(in_hand, times), what="the job is in hand")
        process.kill()
    worker("--heartbeat", "0.5")
    until(lambda: (job(db, poison) or ("",))[0] == "failed", what="held")
    assert db.execute(taken).fetchone() == (4,)
    assert db.execute(begun).fetchone() == (3,)
    fine = enqueue(db, "housekeep", {})
    blocker.rollback()
    until(lambda: job(db, fine) is None)


def test_a_failing_job_is_tried_again_and_its_log_quotes_nothing(worker: Start, db: Connection) -> None:
    """The text of a database error may quote a row, and pgqueuer stores it for weeks."""
    plan = enqueue(db, "plan", {"campaign_id": "secret-of-somebody", "trigger_key": "x"})
    process = worker()
    until(lambda: db.execute("select 1 from queue.pgqueuer_log where traceback is not null").fetchone())
    assert (job(db, plan) or ("",))[0] == "queued"
    row = db.execute("select attempts, execute_after > now() - interval '1 minute' from queue.pgqueuer").fetchone()
    assert row == (1, True)
    (kept,) = db.execute("select string_agg(traceback::text, '') from queue.pgqueuer_log").fetchone() or ("",)
    assert "22P02" in kept
    assert "secret-of-somebody" not in kept
    assert "secret-of-somebody" not in process.log.read_text(encoding="utf-8")


def test_a_job_is_logged_under_the_request_that_made_it(worker: Start, db: Connection) -> None:
    trace_id = "4bf92f3577b34da6a3ce929d0e0e4736"
    db.execute(
        "select queue.enqueue('sweep', '{}', p_headers => jsonb_build_object('traceparent', %s::text))",
        [f"00-{trace_id}-00f067aa0ba902b7-01"],
    )
    process = worker()
    (line,) = until(lambda: process.said("swept"))
    assert (line["trace_id"], line["entrypoint"]) == (trace_id, "sweep")
    assert line["job_id"] > 0


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def test_what_keeps_it_from_starting_is_one_line_and_the_exit_code_tells_whether_to_try_again(
    database_url: str,
) -> None:
    for name, value, code in (
        ("SMTP_URL", "smtp://u:secret@host?connections=0", EXIT_CONFIGURATION),
        ("DATABASE_URL", "postgresql://127.0.0.1:1/x", EXIT_UNAVAILABLE),
    ):
        environment = os.environ | {"DATABASE_URL": database_url} | {name: value}
        ended = subprocess.run(
            [sys.executable, "-m", "worker", "run"],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == code
        assert len([line for line in ended.stderr.splitlines() if line.startswith("shokti: ")]) == 1
        assert "Traceback" not in ended.stderr
        assert "secret" not in ended.stderr


@pytest.mark.parametrize(
    ("codes", "starts"),
    [
        # Refused at the first start: reported once.
        ((EXIT_CONFIGURATION,), 1),
        # The database was away at the start, before another fault could be found.
        ((EXIT_UNAVAILABLE, EXIT_UNAVAILABLE, EXIT_CONFIGURATION), 3),
    ],
)
def test_the_supervisor_ends_for_want_of_configuration_only(
    tmp_path: Path, codes: tuple[int, ...], starts: int
) -> None:
    began = tmp_path / "began"
    program = (
        "import sys; from pathlib import Path; "
        f"file = Path({str(began)!r}).open('a+b'); file.write(b'.'); sys.exit({codes}[file.tell() - 1])"
    )
    assert asyncio.run(Supervisor([ManagedProcess("program", ("-c", program))], {}).run()) == EXIT_CONFIGURATION
    assert began.stat().st_size == starts


@pytest.fixture
def supervisor(database_url: str, tmp_path: Path) -> Any:
    log = (tmp_path / "supervisor.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "worker", "supervise", "--workers", "2"],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": database_url, "APP_PORT": str(free_port()), "MAILBOX_DIR": str(tmp_path)},
        stderr=log,
        stdout=log,
    )
    yield process
    process.kill()
    process.wait()
    log.close()


def test_the_supervisor_starts_again_what_dies_and_stops_all_together(
    supervisor: subprocess.Popen[bytes], db: Connection, tmp_path: Path
) -> None:
    def said(event: str) -> list[dict[str, Any]]:
        lines = (tmp_path / "supervisor.log").read_text(encoding="utf-8").splitlines()
        return [line for line in (json.loads(one) for one in lines if one.startswith("{")) if line["event"] == event]

    def processes() -> dict[str, int]:
        return {line["program"]: line["pid"] for line in said("started") if "program" in line}

    until(lambda: len(listeners(db)) == 2, seconds=60, what="two workers")
    assert set(processes()) == {"app", "worker-1", "worker-2"}
    first = processes()["worker-1"]
    os.kill(first, signal.SIGKILL)
    until(lambda: processes()["worker-1"] != first, what="started again")
    until(lambda: len(listeners(db)) == 2, what="two workers again")
    assert [line["exit_code"] for line in said("died")] == [-signal.SIGKILL]
    pids = processes().values()
    supervisor.send_signal(signal.SIGTERM)
    assert supervisor.wait(timeout=60) == 0
    assert not listeners(db)
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_a_killed_supervisor_leaves_nobody_behind(supervisor: subprocess.Popen[bytes], db: Connection) -> None:
    until(lambda: len(listeners(db)) == 2, seconds=60)
    supervisor.kill()
    until(lambda: not listeners(db), what="its workers end")


def test_an_idle_worker_answers_at_once(worker: Start, db: Connection) -> None:
    """The listening connection delays no query: the job is done long before the idle sleep of five seconds ends."""
    process = worker()

    def swept(wanted: int) -> bool:
        return len(process.said("swept")) == wanted

    for _ in range(3):
        wanted = len(process.said("swept")) + 1
        enqueue(db, "sweep", {})
        until(partial(swept, wanted), seconds=4)


def test_memory_stays_small(reminders: Reminders, worker: Start, sink: Sink) -> None:
    """At most 200 MB for each worker process, after it has worked."""
    reminders.customers([f"p{n}@example.com" for n in range(500)])
    process = worker(SMTP_URL=sink.url, OPENAI_API_KEY="none", OPENAI_BASE_URL="http://127.0.0.1:1")
    reminders.plan()
    until(reminders.run_id)
    reminders.send_now()
    until(lambda: reminders.states() == {"sent": 500})
    status = Path(f"/proc/{process.process.pid}/status").read_text(encoding="ascii")
    peak_kb = int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1])
    assert peak_kb < 200 * 1024
