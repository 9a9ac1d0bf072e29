"""Locks: one process at a time changes the structure, and whoever blocks a statement is named.

A statement waits for a lock a few seconds, is tried again after a pause, and fails with the holder's process in the end.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import psycopg

from db.connection import Connection, connect
from db.fault import Fault

Result = TypeVar("Result")

#: How long one statement waits for a lock; later requests for the same lock queue behind it. Set by the transactions
#: of migrations and definitions.
LOCK_TIMEOUT = "5s"
#: Seconds before each further attempt.
PAUSES = (1.0, 2.0, 4.0)
#: Seconds between two looks at who blocks.
LOOK_EVERY = 0.02

# One key for everything that changes a database's structure: "shokti" in ASCII.
STRUCTURE_LOCK = 0x73686F6B7469
STRUCTURE_TIMEOUT = "60s"

# Without the text of queries, which may hold personal data. A log-in without pg_monitor sees only the pid of sessions
# of other log-ins.
BLOCKERS_SQL = """
select distinct
  b.pid, coalesce(nullif(a.application_name, ''), a.backend_type), a.xact_start,
  (select min(l.relation::regclass::text) from pg_catalog.pg_locks l where l.pid = %(waiting)s and not l.granted)
from unnest(pg_catalog.pg_blocking_pids(%(waiting)s)) as b (pid)
left join pg_catalog.pg_stat_activity a on a.pid = b.pid
order by 3, 1
"""

# A session-level lock outlives transactions, so its holder is reported with the start of the session.
ADVISORY_LOCK_HOLDER_SQL = """
select l.pid, coalesce(nullif(a.application_name, ''), a.backend_type), a.backend_start, null
from pg_catalog.pg_locks l
left join pg_catalog.pg_stat_activity a on a.pid = l.pid
where l.locktype = 'advisory'
  and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = current_database())
  and (l.classid::bigint << 32 | l.objid::bigint) = %s
  and l.objsubid = 1
  and l.granted
"""


@dataclass(frozen=True, slots=True)
class LockHolder:
    """A session that holds a lock we wait for, or waits for it before us."""

    pid: int
    application: str | None
    since: datetime | None
    relation: str | None

    def __str__(self) -> str:
        since = f" since {self.since:%Y-%m-%d %H:%M:%SZ}" if self.since else ""
        return f"{self.relation or 'it'} is held by process {self.pid} ({self.application or 'not ours'}){since}"


class LockTimeout(Exception):
    """No attempt got the lock; the text names the holders. `cause` is PostgreSQL's error."""

    def __init__(self, holders: list[LockHolder], cause: psycopg.Error) -> None:
        self.cause = cause
        super().__init__(
            "; ".join(map(str, holders)) + "; wait until that has ended, or end it: select pg_terminate_backend(pid)"
            if holders
            else "who held it is not known"
        )


@contextmanager
def structure_lock(url: str, application_name: str) -> Iterator[Connection]:
    """A connection as shokti_owner, the only one that changes this database's structure meanwhile."""
    with connect(url, role="shokti_owner", application_name=application_name) as connection:
        connection.execute("select set_config('lock_timeout', %s, false)", [STRUCTURE_TIMEOUT])
        try:
            connection.execute("select pg_advisory_lock(%s)", [STRUCTURE_LOCK])
        except psycopg.errors.LockNotAvailable:
            raise Fault(
                f"another process has been changing this database's structure for {STRUCTURE_TIMEOUT}: "
                f"{_advisory_lock_holder(url, STRUCTURE_LOCK) or 'it has just ended'}; try later"
            ) from None
        yield connection


def retry_when_locked(
    url: str, connection: Connection, work: Callable[[], Result], tell: Callable[[str], None]
) -> Result:
    """The result of `work`, a transaction on `connection`, repeated where a lock is not available in time.

    `tell` gets a line before each further attempt. LockTimeout after the last one.
    """
    for pause in (*PAUSES, None):
        with watch_blockers(url, connection.info.backend_pid) as holders:
            try:
                return work()
            except psycopg.errors.LockNotAvailable as error:
                failure = LockTimeout(holders, error)
        if pause is None:
            break
        tell(f"again in {pause:g} s: {failure}")
        time.sleep(pause)
    raise failure from None


@contextmanager
def watch_blockers(url: str, pid: int) -> Iterator[list[LockHolder]]:
    """The sessions that blocked process `pid` last, observed on another connection while the block runs."""
    holders: list[LockHolder] = []
    done = threading.Event()

    def look() -> None:
        # Only the wording of an error depends on it, so its failures do not stop the work.
        with suppress(Fault, psycopg.Error), connect(url, application_name="shokti-blocking") as connection:
            while not done.wait(LOOK_EVERY):
                if found := connection.execute(BLOCKERS_SQL, {"waiting": pid}).fetchall():
                    holders[:] = [LockHolder(*row) for row in found]

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield holders
    finally:
        done.set()
        watcher.join()


def _advisory_lock_holder(url: str, key: int) -> LockHolder | None:
    with connect(url, application_name="shokti-blocking") as connection:
        row = connection.execute(ADVISORY_LOCK_HOLDER_SQL, [key]).fetchone()
    return LockHolder(*row) if row else None
