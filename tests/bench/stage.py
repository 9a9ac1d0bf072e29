"""The stage of measurements: a server of its own with durable writes; processes and their costs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import psutil
import psycopg

from db import connection, simulation
from db.demo.build import build_marketplace
from db.embedded.configuration import DEVELOPMENT_SETTINGS, DISPOSABLE_SETTINGS
from db.embedded.server import LOGIN, SUPERUSER
from db.embedded.temporary import TemporaryServer
from db.provision import bring_up_to_date
from db.settings import ROOT

HERE = Path(__file__).resolve().parent
AUTOGROUP = Path("/proc/sys/kernel/sched_autogroup_enabled")

#: The last day of the made-up marketplace, and ten in the morning of the next, when sending is allowed.
LAST_DAY = date(2026, 11, 23)
MORNING = datetime.fromisoformat("2026-11-24T10:00:00+06:00")

#: Settings that make a disposable server like a real one.
HONEST = {
    **{name: DEVELOPMENT_SETTINGS[name] for name in DISPOSABLE_SETTINGS if name in DEVELOPMENT_SETTINGS},
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "wal_level": "replica",
    "max_wal_senders": "10",
    "autovacuum_naptime": "60s",
    "shared_preload_libraries": "pg_stat_statements",
    "pg_stat_statements.track": "none",  # except where a measurement turns it on
}


def folder() -> Path:
    """A folder on the disk, not in memory. Removes the folders of killed runs."""
    for left in Path(tempfile.gettempdir()).glob("shokti-bench-*"):
        owner = re.fullmatch(r"shokti-bench-(\d+)", left.name)
        if owner and not psutil.pid_exists(int(owner[1])) and left.stat().st_uid == os.geteuid():
            TemporaryServer(folder=left).remove()
    return Path(tempfile.gettempdir()) / f"shokti-bench-{os.getpid()}"


class Stage:
    """The databases: `base` holds the made-up marketplace and never changes; measurements that write use clones."""

    def __init__(self, server: TemporaryServer, customers: int, tell: Callable[[str], None]) -> None:
        self.server = server
        self.customers = customers
        self.tell = tell
        self._made: set[str] = set()

    def empty(self, name: str) -> str:
        """A fresh database at the state of this checkout; its url."""
        with psycopg.connect(self.server.superuser_url, autocommit=True) as maintenance:
            maintenance.execute(f"create database {name} owner {LOGIN}")
        bring_up_to_date(self.server.url(name))
        return self.server.url(name)

    def base(self) -> str:
        """The database with the marketplace, made at the first call; its name."""
        if "base" not in self._made:

            def tell(done: int, total: int) -> None:
                self.tell(f"making a marketplace: {done:,} of {total:,} customers")

            build_marketplace(self.empty("base"), customers=self.customers, until=LAST_DAY, tell=tell)
            with self.connect("base") as owner:
                simulation.install(owner)
            with self.superuser("base") as owner:
                # Non-empty tables only: statistics of an empty table would lead to sequential scans later.
                owner.execute("vacuum (analyze) account.person, account.contact, account.consent, market.booking")
            self._made.add("base")
        return "base"

    def due(self) -> str:
        """The marketplace with a due message for each person who may get one, up to 60,000; its name."""
        if "due" not in self._made:
            self._clone(self.base(), "due")
            self.tell("planning a message for everybody")
            with self.superuser("due") as owner:
                owner.execute(
                    "select set_config('bench.messages', %s, false)", [str(min(self.customers * 6 // 10, 60_000))]
                )
                owner.execute((HERE / "due.sql").read_text())
            self._made.add("due")
        return "due"

    @contextmanager
    def clone(self, of: str, name: str) -> Iterator[str]:
        """A copy for writing, dropped at the end; its name."""
        self._clone(of, name)
        yield name
        with psycopg.connect(self.server.superuser_url, autocommit=True) as maintenance:
            maintenance.execute(f"drop database {name} with (force)")

    def _clone(self, of: str, name: str) -> None:
        with psycopg.connect(self.server.superuser_url, autocommit=True) as maintenance:
            maintenance.execute(f"create database {name} template {of} owner {LOGIN} strategy file_copy")
            maintenance.execute(f"grant create, temporary on database {name} to shokti_owner")
            maintenance.execute("checkpoint")
        with self.connect(name) as owner:
            # The clock is at ten in the morning again.
            simulation.set_clock(owner, MORNING, speed=1)

    @contextmanager
    def undisturbed(self) -> Iterator[None]:
        """Without background work for freshly filled tables: no autovacuum, no late checkpoint."""
        with psycopg.connect(self.server.superuser_url, autocommit=True) as maintenance:
            maintenance.execute("alter system set autovacuum = off")
            maintenance.execute("select pg_reload_conf()")
            working = "from pg_stat_activity where backend_type = 'autovacuum worker'"
            maintenance.execute(f"select pg_cancel_backend(pid) {working}")
            until(lambda: maintenance.execute(f"select count(*) {working}").fetchone() == (0,), 0.1)
            maintenance.execute("checkpoint")
            # The kernel's write-back of fresh data would stall the first measured commits.
            os.sync()
            yield
            maintenance.execute("alter system reset autovacuum")
            maintenance.execute("select pg_reload_conf()")

    def superuser(self, name: str) -> connection.Connection:
        return connection.connect(self.server.url(name, SUPERUSER), application_name="shokti-bench")

    def connect(self, name: str, role: str | None = "shokti_owner") -> connection.Connection:
        return connection.connect(self.server.url(name), role=role, application_name="shokti-bench")

    def server_cpu_s(self) -> float:
        """Processor seconds of the server so far, ended backends included."""
        pid = int((self.server.data / "postmaster.pid").read_text().splitlines()[0])
        postmaster = psutil.Process(pid)
        while True:
            own = postmaster.cpu_times()
            total = own.user + own.system + own.children_user + own.children_system
            for child in postmaster.children(recursive=True):
                try:
                    spent = child.cpu_times()
                except psutil.NoSuchProcess:
                    continue
                total += spent.user + spent.system
            after = postmaster.cpu_times()
            # A backend that ends between the two readings would be in neither.
            if (after.children_user, after.children_system) == (own.children_user, own.children_system):
                return total


@contextmanager
def ungrouped(tell: Callable[[str], None]) -> Iterator[None]:
    """Turns off the kernel's autogroups, where allowed, so that processes are scheduled as those of a service.

    From a terminal, Linux schedules by session, and each backend of PostgreSQL is a session of its own. A backend that
    has just moved to another processor can then wait for tenths of a second behind a busy process. Services and
    containers do not have that. The former value is restored at the end.
    """
    try:
        before = AUTOGROUP.read_text()
    except OSError:
        yield  # a kernel without autogroups
        return
    try:
        AUTOGROUP.write_text("0")
    except OSError:
        tell("kernel.sched_autogroup_enabled cannot be turned off here: single requests may wait longer for it")
        yield
        return
    try:
        yield
    finally:
        AUTOGROUP.write_text(before)


@contextmanager
def stage(customers: int, tell: Callable[[str], None]) -> Iterator[Stage]:
    """A stage, removed at the end."""
    os.environ["SHOKTI_ENV"] = "test"
    place = folder()
    try:
        with ungrouped(tell), TemporaryServer(folder=place, settings=HONEST) as server:
            yield Stage(server, customers, tell)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def peak_mb(pid: int) -> float:
    """The peak memory of a process; of a backend with the shared buffers that it touched."""
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else psutil.Process(pid).memory_info().rss / 1048576


@dataclass(frozen=True, slots=True)
class Program:
    """A process under measurement."""

    process: subprocess.Popen[bytes]
    log: Path

    def cpu_s(self) -> float:
        spent = psutil.Process(self.process.pid).cpu_times()
        return spent.user + spent.system

    def peak_mb(self) -> float:
        """Its peak memory."""
        return peak_mb(self.process.pid)

    def wait_for(self, word: bytes) -> None:
        """Waits until it has written a line with that word."""
        until(lambda: word in self.log.read_bytes() or self.process.poll() is not None, 0.02)
        if self.process.poll() is not None:
            raise RuntimeError(f"{self.process.args!r} ended: {self.log.read_text(errors='replace')[-2000:]}")


@contextmanager
def running(*command: str, log: Path, **environment: str) -> Iterator[Program]:
    """`python -m COMMAND` while the block runs."""
    with log.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", *command], cwd=ROOT, env=os.environ | environment, stdout=file, stderr=file
        )
    try:
        yield Program(process, log)
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def until(condition: Callable[[], Any], pause_s: float, *, give_up_s: float = 600.0) -> None:
    give_up_at = time.monotonic() + give_up_s
    while not condition():
        if time.monotonic() > give_up_at:
            raise TimeoutError("it does not end")
        time.sleep(pause_s)
