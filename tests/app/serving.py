"""The edge as `python -m app` in its own process, called over HTTP; and concurrency helpers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from threading import Barrier
from typing import Any

import httpx2
from psycopg import Connection

from db.settings import ROOT
from tests.app import pgbouncer
from tests.app.pgbouncer import free_port

PATIENCE = 30.0
#: Set by `pytest --pgbouncer`, also for the processes of pytest-xdist.
BEHIND_PGBOUNCER = "SHOKTI_TEST_PGBOUNCER"

#: Headers of a phone when a link is tapped.
BROWSER = {
    "accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
    "user-agent": "Mozilla/5.0 (Linux; Android 14; Pixel 7) AppleWebKit/537.36 Chrome/150.0 Mobile Safari/537.36",
}
APP = {"accept": "application/json", "user-agent": "Customer/4.2 (Android 14)"}


class Browser(httpx2.Client):
    """A client that follows redirects of pages, as browsers do, but not of forms."""

    def get(self, url: Any, **given: Any) -> httpx2.Response:
        return super().get(url, **({"follow_redirects": True} | given))


@dataclass
class Edge:
    """A running process, its address, and its output so far."""

    process: subprocess.Popen[str]
    port: int
    lines: list[str] = field(default_factory=list)
    said: threading.Condition = field(default_factory=threading.Condition)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def client(self, **headers: str) -> httpx2.Client:
        return httpx2.Client(base_url=self.url, headers=headers, timeout=PATIENCE)

    def log(self) -> list[dict[str, Any]]:
        with self.said:
            return [json.loads(line) for line in self.lines if line.startswith("{")]

    def wait_for(self, event: str, **expected: Any) -> dict[str, Any]:
        """Waits for a log entry with these values and returns the first."""

        def found() -> dict[str, Any] | None:
            for line in self.lines:
                entry = json.loads(line) if line.startswith("{") else {}
                if entry.get("event") == event and expected.items() <= entry.items():
                    return dict(entry)
            return None

        with self.said:
            self.said.wait_for(lambda: found() or self.process.poll() is not None, PATIENCE)
            entry = found()
        assert entry, f"no {event} {expected} among:\n" + "".join(self.lines)
        return entry

    def exit_code(self) -> int:
        return self.process.wait(PATIENCE)


def start(database_url: str, **environment: str) -> Edge:
    """Starts a process without waiting until it serves."""
    port = int(environment.get("APP_PORT") or free_port())
    process = subprocess.Popen(
        [sys.executable, "-m", "app"],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": database_url, "APP_PORT": str(port), "APP_DRAIN_SECONDS": "0"} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    edge = Edge(process, port)

    def listen() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            with edge.said:
                edge.lines.append(line)
                edge.said.notify_all()
        with edge.said:
            edge.said.notify_all()

    threading.Thread(target=listen, daemon=True).start()
    return edge


def stop(edge: Edge) -> None:
    edge.process.kill()
    edge.process.wait(PATIENCE)


@contextmanager
def serving(database_url: str, **environment: str) -> Iterator[Edge]:
    """A process that serves; with `pytest --pgbouncer`, behind a PgBouncer."""
    with ExitStack() as stack:
        if os.environ.get(BEHIND_PGBOUNCER):
            database_url = stack.enter_context(pgbouncer.pooled(database_url))
            environment = pgbouncer.ENVIRONMENT | environment
        edge = start(database_url, **environment)
        stack.callback(stop, edge)
        edge.wait_for("serving")
        yield edge


def at_once(edge: Edge, number: int, work: Callable[[httpx2.Client, int], httpx2.Response]) -> list[httpx2.Response]:
    """The answers to concurrent calls, each on its own connection and released by one barrier."""
    barrier = Barrier(number)

    def one(place: int) -> httpx2.Response:
        with edge.client(**APP) as client:
            client.get("/healthz")
            barrier.wait()
            return work(client, place)

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(one, range(number)))


def eventually(condition: Callable[[], bool]) -> None:
    """Waits until another process has made the condition true."""
    until = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.02)


@contextmanager
def altered(db: Connection[Any], change: str, back: str) -> Iterator[None]:
    """The block runs with something changed in the database, which is changed back at its end."""
    db.execute(change)
    try:
        yield
    finally:
        db.execute(back)
