"""The listener of the queue dies: /readyz reports it after the allowed silence, and reports the recovery."""

from __future__ import annotations

import signal
from typing import Any

import httpx2
import pytest

from db.connection import Connection, connect
from tests.app.serving import APP, serving
from tests.worker.stage import Start, until, worker

pytestmark = [pytest.mark.faults, pytest.mark.slow]

__all__ = ["worker"]


def test_a_listener_cut_off_is_missed_and_its_successor_heard(
    database_url: str, superuser_url: str, db: Connection, worker: Start
) -> None:
    with serving(database_url) as edge, edge.client(**APP) as app:

        def asked() -> tuple[int, dict[str, Any]]:
            answer = app.get("/readyz")
            return answer.status_code, answer.json()

        # An app without any worker: no listener is expected.
        assert asked() == (200, {"ready": True, "listener_silent_seconds": None})
        first = worker()
        until(lambda: asked()[1].get("listener_silent_seconds") is not None, what="the worker is heard")
        # The shortest silence that the rule allows.
        db.execute("select policy.change_rule('listener.silence', '10', 'test', 'at once', clock.now())")
        # Longer than that: only the worker's repeated heartbeats keep the app ready.
        seen = db.execute("select max(heartbeat_at) from queue.listener").fetchone()
        again = "select max(heartbeat_at) > %s + interval '11 seconds' from queue.listener"
        until(lambda: db.execute(again, seen).fetchone() == (True,), what="it proves it again and again")
        assert asked()[0] == 200

        with connect(superuser_url, application_name="shokti test superuser") as superuser:
            (cut,) = superuser.execute(
                "select count(pg_terminate_backend(pid)) from pg_stat_activity"
                " where application_name = 'shokti worker listen' and datname = current_database()"
            ).fetchone() or (0,)
        assert cut == 1
        assert first.process.wait(timeout=30) == 1
        # The replacement of a worker does not make the app unready.
        assert asked()[0] == 200

        until(lambda: asked()[0] == 503, what="it is missed")
        status, problem = asked()
        assert (status, problem["detail"]) == (503, "Not ready: listener.")
        assert [fault["field"] for fault in problem["errors"]] == ["listener"]
        assert app.get("/healthz").status_code == 200
        assert app.get("/services").status_code == 200

        worker()
        until(lambda: asked()[0] == 200, what="its successor is heard")
        assert asked()[1]["listener_silent_seconds"] < 10


def test_a_listener_that_hears_nothing_is_missed_too(database_url: str, db: Connection, worker: Start) -> None:
    """Process and connection live, but the process is stopped: an open connection does not prove that it receives."""
    with serving(database_url) as edge, httpx2.Client(base_url=edge.url, headers=APP, timeout=30) as app:
        process = worker()
        until(lambda: app.get("/readyz").json().get("listener_silent_seconds") is not None)
        db.execute("select policy.change_rule('listener.silence', '10', 'test', 'at once', clock.now())")
        process.process.send_signal(signal.SIGSTOP)
        until(lambda: app.get("/readyz").status_code == 503, what="it is missed")
        listening = db.execute(
            "select count(*) from pg_stat_activity"
            " where application_name = 'shokti worker listen' and datname = current_database()"
        ).fetchone()
        assert listening == (1,)
        process.process.send_signal(signal.SIGCONT)
        until(lambda: app.get("/readyz").status_code == 200, what="it hears again, or ends")
