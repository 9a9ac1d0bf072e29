"""Waiting for a lock: for a while, then again after a pause, and at last in words that say who holds what."""

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

#: How long one statement waits: all that come after us for the same thing wait behind us. The transactions of this
#: folder set it.
LOCK_TIMEOUT = "5s"
#: Seconds before it is tried again.
PAUSES = (1.0, 2.0, 4.0)
#: Seconds between two looks at who is in the way.
LOOK_EVERY = 0.02

# Never what they execute: it may hold anything. A log-in without pg_monitor sees the pid of strangers alone.
IN_THE_WAY = """
select distinct
  b.pid, coalesce(nullif(a.application_name, ''), a.backend_type), a.xact_start,
  (select min(l.relation::regclass::text) from pg_catalog.pg_locks l where l.pid = %(waiting)s and not l.granted)
from unnest(pg_catalog.pg_blocking_pids(%(waiting)s)) as b (pid)
left join pg_catalog.pg_stat_activity a on a.pid = b.pid
order by 3, 1
"""

# A session-level lock outlives transactions: since when its holder is connected.
HOLDS = """
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
class Holder:
    """A session that has, or waits before us for, what we wait for."""

    pid: int
    application: str | None
    since: datetime | None
    thing: str | None

    def __str__(self) -> str:
        since = f" since {self.since:%Y-%m-%d %H:%M:%SZ}" if self.since else ""
        return f"{self.thing or 'it'} is held by process {self.pid} ({self.application or 'not ours'}){since}"


def holder_of(url: str, key: int) -> Holder | None:
    """Who has an advisory lock."""
    with connect(url, application_name="shokti-blocking") as connection:
        row = connection.execute(HOLDS, [key]).fetchone()
    return Holder(*row) if row else None


class LockTimeout(Exception):
    """It could not be had, however often it was tried. `cause` has PostgreSQL's words."""

    def __init__(self, holders: list[Holder], cause: psycopg.Error) -> None:
        self.cause = cause
        super().__init__(
            "; ".join(map(str, holders)) + "; wait until that has ended, or end it: select pg_terminate_backend(pid)"
            if holders
            else "who held it is not known"
        )


def patiently(url: str, connection: Connection, work: Callable[[], Result], tell: Callable[[str], None]) -> Result:
    """What `work` gives, a transaction on that connection, tried again where a lock is not to be had in time."""
    for pause in (*PAUSES, None):
        with watched(url, connection.info.backend_pid) as holders:
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
def watched(url: str, pid: int) -> Iterator[list[Holder]]:
    """Who was last in the way of a session, looked up on a connection of its own as long as the block."""
    holders: list[Holder] = []
    done = threading.Event()

    def look() -> None:
        # What is only for words may fail without stopping the work.
        with suppress(Fault, psycopg.Error), connect(url, application_name="shokti-blocking") as connection:
            while not done.wait(LOOK_EVERY):
                if found := connection.execute(IN_THE_WAY, {"waiting": pid}).fetchall():
                    holders[:] = [Holder(*row) for row in found]

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield holders
    finally:
        done.set()
        watcher.join()
