"""Real worker processes on the test's own database, a campaign to send, and doubles of providers."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import pytest

from db.connection import Connection
from db.settings import ROOT
from tests.conftest import Clock
from tests.doubles.process import Sink, smtp_sink, started
from tests.marketplace import campaign, service


def until(condition: Callable[[], Any], *, seconds: float = 30, what: str = "") -> Any:
    """Waits for a condition that another process fulfils; returns its value. Not for measuring time."""
    give_up_at = time.monotonic() + seconds
    while not (result := condition()):
        assert time.monotonic() < give_up_at, f"never happened: {what or condition}"
        time.sleep(0.02)
    return result


@dataclass
class Worker:
    """A worker process and its log."""

    process: subprocess.Popen[bytes]
    log: Path
    stopped: bool = field(default=False)

    def lines(self) -> list[dict[str, Any]]:
        lines = self.log.read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines if line.startswith("{") and line.endswith("}")]

    def said(self, event: str) -> list[dict[str, Any]]:
        return [line for line in self.lines() if line["event"] == event]

    def ready(self) -> Worker:
        until(lambda: self.said("started") or self.process.poll() is not None, what=f"start; {self.log.read_text()}")
        assert self.process.poll() is None, self.log.read_text()
        return self

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=60)


Start = Callable[..., Worker]


@pytest.fixture
def worker(database_url: str, tmp_path: Path) -> Iterator[Start]:
    """`worker(SMTP_URL=…)`: another worker process, ready to work; all are killed at the end."""
    running: list[Worker] = []

    def start(*options: str, wait: bool = True, **environment: str) -> Worker:
        log = tmp_path / f"worker-{len(running)}.log"
        usual = {"DATABASE_URL": database_url, "MAILBOX_DIR": str(tmp_path / "mailbox"), "SHOKTI_ENV": "test"}
        with log.open("wb") as file:
            process = subprocess.Popen(
                [sys.executable, "-m", "worker", "run", "--no-schedules", "--heartbeat", "2", *options],
                cwd=ROOT,
                env=os.environ | usual | environment,
                stderr=file,
                stdout=file,
            )
        running.append(Worker(process, log))
        return running[-1].ready() if wait else running[-1]

    yield start
    for one in running:
        one.kill()


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[Sink]:
    with smtp_sink(tmp_path / "sink") as listening:
        yield listening


@dataclass
class Model:
    """The model server: its behaviour, and the requests it got."""

    url: str

    def behave(self, *moods: str) -> None:
        self._call("PUT", "/behaviour", {"moods": list(moods)})

    def requests(self) -> list[dict[str, Any]]:
        asked: list[dict[str, Any]] = self._call("GET", "/requests")
        return asked

    def traces(self) -> list[str | None]:
        asked: list[str | None] = self._call("GET", "/traces")
        return asked

    def plant(self, words: list[str]) -> None:
        self._call("PUT", "/planted", words)

    def planted(self) -> dict[str, Any]:
        found: dict[str, Any] = self._call("GET", "/planted")
        return found

    def answers(self, *variants: dict[str, Any]) -> None:
        self._call("PUT", "/script", list(variants))

    def _call(self, method: str, path: str, body: object = None) -> Any:
        answer = httpx2.request(method, self.url + path, json=body)
        return answer.json() if answer.content else None


@pytest.fixture
def model() -> Iterator[Model]:
    with started("tests.doubles.model_server") as port:
        yield Model(f"http://127.0.0.1:{port}")


@dataclass
class Reminders:
    """A campaign whose candidates are all due for a reminder now. Time runs, so deferred jobs become due."""

    db: Connection
    campaign_id: UUID
    service_id: UUID

    def customers(self, addresses: list[str], last: str = "2026-10-26", *, consents: bool = True) -> None:
        """Makes people whose next visit is expected tomorrow, after a dozen visits four weeks apart."""
        self.db.execute(
            "insert into account.person (external_id, role, full_name, created_at)"
            " select a, 'customer', 'রহিমা খাতুন', '2025-01-01' from unnest(%s::text[]) a",
            [addresses],
        )
        people = "select user_id from account.person where external_id = any (%s)"
        self.db.execute(
            "insert into account.contact (user_id, channel, address)"
            " select user_id, 'email', external_id from account.person where external_id = any (%s)",
            [addresses],
        )
        self.db.execute(
            "insert into account.consent (user_id, channel, purpose, valid_at, source, wording_version, actor)"
            f" select user_id, c, 'outreach', tstzrange('2025-01-01', null), 'test', '1', 'test' from ({people}) p"
            " cross join unnest(%s::text[]) c",
            [addresses, ["email", "in_app"] if consents else []],
        )
        self.db.execute(
            "insert into market.booking (customer_id, service_id, status, source, created_at, scheduled_at, ends_at,"
            " confirmed_at, started_at, completed_at, price_poisha)"
            " select user_id, %s, 'completed', 'import', t - interval '1 day', t, t + interval '2 hours',"
            " t - interval '20 hours', t, t + interval '2 hours', 150000"
            f" from ({people}) p"
            " cross join generate_series(%s::timestamptz - interval '308 days', %s, interval '28 days') t",
            [self.service_id, addresses, f"{last} 10:00+06", f"{last} 10:00+06"],
        )

    def plan(self, key: str = "test") -> UUID:
        """Requests a plan as the schedule does; a worker has to run."""
        self.db.execute(
            "select queue.enqueue('plan', jsonb_build_object('campaign_id', %s::text, 'trigger_key', %s::text))",
            [str(self.campaign_id), key],
        )
        return self.campaign_id

    def send_now(self) -> None:
        """Makes all scheduled messages due now, and wakes the worker."""
        self.db.execute("update outreach.message set due_at = clock.now() where state = 'scheduled'")
        self.db.execute(
            "select outreach.enqueue_wake_ups(channel, array_agg(due_at)) from outreach.message group by channel"
        )
        self.db.execute("update queue.pgqueuer set execute_after = now() - interval '1 second' where status = 'queued'")
        self.db.execute("select pg_notify('ch_pgqueuer', %s)", [json.dumps(TOUCH)])

    def states(self) -> dict[str, int]:
        return dict(self.db.execute("select state, count(*) from outreach.message group by state").fetchall())

    def run_id(self) -> UUID | None:
        row = self.db.execute("select run_id from smartengage.run").fetchone()
        return row[0] if row else None

    def identity_holds(self) -> bool:
        rows = self.db.execute("select identity_holds from smartengage.run_reconciliation").fetchall()
        return bool(rows) and all(row[0] for row in rows)

    def queue_has_no_plan(self) -> bool:
        return self.db.execute("select count(*) from queue.pgqueuer where entrypoint = 'plan'").fetchone() == (0,)

    def is_waiting(self, job_id: int) -> bool:
        row = self.db.execute(
            "select count(*) from queue.pgqueuer where id = %s and status in ('queued', 'picked')", [job_id]
        ).fetchone()
        return row != (0,)

    def held(self) -> list[str]:
        """The entrypoints of held jobs."""
        rows = self.db.execute("select entrypoint from queue.pgqueuer where status = 'failed'").fetchall()
        return [row[0] for row in rows]

    def queue_is_empty(self) -> bool:
        row = self.db.execute("select count(*) from queue.pgqueuer where status in ('queued', 'picked')").fetchone()
        return row is not None and row[0] == 0


SUBJECT = "{service} আবার লাগবে কি?"
BODY = """{address}

কিছুদিন হলো আপনার {service} করানো হয়েছিল। আবার দরকার হলে সময় বেছে নিন।
বুক করুন: {link}

এমন বার্তা না চাইলে: {stop_link}"""

TOUCH = {
    "channel": "ch_pgqueuer",
    "operation": "update",
    "sent_at": "2026-11-23T00:00:00+00:00",
    "table": "pgqueuer",
    "type": "table_changed_event",
}


@pytest.fixture
def reminders(db: Connection, clock: Clock) -> Reminders:
    """The clock starts at ten in the morning of 23 November 2026 in Dhaka, and runs."""
    clock.set("2026-11-23T10:00:00+06:00", speed=1)
    return prepare_reminders(db, campaign(db))


def prepare_reminders(db: Connection, campaign_id: UUID) -> Reminders:
    """Without control group and with a text of the test's own, so that a test determines all its numbers."""
    db.execute("select policy.change_rule('holdout.global_share', '0', 'test', 'everybody', '2026-01-01 00:00+06')")
    db.execute(
        "insert into text.template (kind, category, language, variant, origin, subject, body, created_at,"
        " approved_by, approved_at)"
        " select 'reminder', 'garden', 'bn', v, 'house', %s, %s, '2026-01-01', 'test', '2026-01-01'"
        " from unnest(array['a', 'b']) v",
        [SUBJECT, BODY],
    )
    return Reminders(db, campaign_id, service(db, category="garden", name_bn="বাগান পরিচর্যা"))
