"""17: the database goes away while app and worker run, and comes back; they recover, and nothing accepted is lost."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import psycopg
import pytest

from db import simulation
from db.connection import connect
from db.embedded.server import LOGIN
from db.embedded.temporary import TemporaryServer
from db.provision import bring_up_to_date
from db.settings import ROOT
from tests.doubles.process import Sink
from tests.marketplace import campaign
from tests.worker.stage import Reminders, prepare_reminders, until

pytestmark = [pytest.mark.faults, pytest.mark.slow]


@pytest.fixture
def own_server() -> Iterator[TemporaryServer]:
    """A server that may be stopped, unlike the shared one."""
    with TemporaryServer("restart") as started:
        with psycopg.connect(started.superuser_url, autocommit=True) as maintenance:
            maintenance.execute(f"create database restart owner {LOGIN}")
        bring_up_to_date(started.url("restart"))
        yield started


def stage(url: str) -> Reminders:
    owner = connect(url, role="shokti_owner")
    simulation.install(owner)
    simulation.set_clock(owner, datetime.fromisoformat("2026-11-23T10:00:00+06:00"), 1)
    return prepare_reminders(owner, campaign(owner))


@pytest.fixture
def supervised(own_server: TemporaryServer, sink: Sink, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    environment = {
        "DATABASE_URL": own_server.url("restart"),
        "SMTP_URL": f"{sink.url}?rate=40",
        "APP_PORT": str(port),
        "SHOKTI_ENV": "test",
    }
    with (tmp_path / "supervisor.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "worker", "supervise", "--workers", "1"],
            cwd=ROOT,
            env=os.environ | environment,
            stdout=log,
            stderr=log,
        )
        yield process
        process.kill()
        process.wait()


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_messages_being_sent_when_the_database_stops(
    own_server: TemporaryServer, supervised: subprocess.Popen[bytes], sink: Sink, mode: str
) -> None:
    people = [f"p{number}@example.com" for number in range(60)]
    reminders = stage(own_server.url("restart"))
    reminders.customers(people)
    reminders.plan()
    until(reminders.run_id, seconds=60)
    reminders.send_now()
    until(lambda: len(sink.taken()) > 5, what="sending")
    own_server.stop(mode=mode)
    # Claimed messages are sent meanwhile; their outcomes wait for the database.
    until(lambda: len(sink.taken()) == 60)
    own_server.start()
    reminders.db = connect(own_server.url("restart"), role="shokti_owner")
    until(lambda: reminders.states() == {"sent": 60}, what="recorded")
    assert Counter(entry["address"] for entry in sink.taken()) == Counter(people)
    # The worker receives notifications again: a job is done at once.
    (job_id,) = reminders.db.execute("select queue.enqueue('sweep', '{}')").fetchone() or (0,)
    until(lambda: not reminders.is_waiting(job_id), what="work goes on")
    # Jobs in hand of the ended process go to the next one after its heartbeat timeout, half a minute.
    until(reminders.queue_is_empty, seconds=60, what="what the process before had in hand is done")
    assert reminders.held() == [], "a person would find nothing to put right"
    supervised.send_signal(signal.SIGTERM)
    assert supervised.wait(timeout=60) == 0


def test_a_job_in_hand_while_the_database_is_away_for_long(
    own_server: TemporaryServer, supervised: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    """Longer than the worker waits to give it back. The job did not fail by itself, so it is not held."""
    reminders = stage(own_server.url("restart"))
    blocker = connect(own_server.url("restart"), role="shokti_owner", autocommit=False)
    blocker.execute("lock table outreach.message in access exclusive mode")
    reminders.db.execute("select queue.enqueue('sweep', '{}')")
    waiting = "select count(*) from pg_locks where not granted and relation = 'outreach.message'::regclass"
    until(lambda: reminders.db.execute(waiting).fetchone() != (0,), seconds=60, what="the job is in hand")
    own_server.stop(mode="immediate")
    log = tmp_path / "supervisor.log"
    until(lambda: '"not_given_back"' in log.read_text(encoding="utf-8"), seconds=90)
    own_server.start()
    reminders.db = connect(own_server.url("restart"), role="shokti_owner")
    until(reminders.queue_is_empty, seconds=60, what="the job is done by whoever comes next")
    assert reminders.held() == []
    supervised.send_signal(signal.SIGTERM)
    assert supervised.wait(timeout=60) == 0
