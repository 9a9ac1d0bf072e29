"""Connections: each has a role, a name that tells its use, and clear words when it cannot be made."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool

from db.fault import AWAY, Fault

Connection = psycopg.Connection[TupleRow]
AsyncConnection = psycopg.AsyncConnection[TupleRow]

OLDEST_SERVER = 180000
# How long a pool leaves a database alone that is away; then it tries for all who wait.
LOOK_AGAIN_S = 1.0

# `alter role … set` works at log-in only, not for a role assumed later: whoever connects as an analyst gets them here.
# A worker's claim has to outlive a crash of the server before the message leaves, whatever the server's default says.
ROLE_OPTIONS = {
    "shokti_analyst": {"default_transaction_read_only": "on", "statement_timeout": "60s"},
    "shokti_worker": {"synchronous_commit": "on"},
}


def check_version(server_version: int, place: str) -> None:
    """A Fault if the server (180002 = 18.2) lacks what Shokti is built on: temporal keys came with PostgreSQL 18."""
    if server_version < OLDEST_SERVER:
        major, minor = divmod(server_version, 10000)
        raise Fault(f"{place} is PostgreSQL {major}.{minor}; Shokti needs 18 or newer")


def parameters(url: str, role: str | None, application_name: str) -> dict[str, Any]:
    """What libpq gets: the url, then our defaults where it is silent, then role and name."""
    try:
        known = conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        # libpq's own words would repeat the url, password and all.
        raise Fault("DATABASE_URL: not a PostgreSQL address such as postgresql://user@host:5432/database") from None
    known.setdefault("connect_timeout", "10")
    known["application_name"] = application_name
    # Instants in answers are UTC wherever the server stands: jsonb writes timestamptz in the session's zone.
    options = {"TimeZone": "UTC"} | ({"role": role, **ROLE_OPTIONS.get(role, {})} if role else {})
    given = [str(known["options"])] if known.get("options") else []
    known["options"] = " ".join([*given, *(f"-c {name}={value}" for name, value in options.items())])
    return known


def place(known: dict[str, Any]) -> str:
    """Where a connection goes, fit to be printed."""
    host = known.get("host") or known.get("hostaddr") or "the local socket"
    port = f":{known['port']}" if known.get("port") else ""
    return f"the database {known.get('dbname') or known.get('user') or ''} at {host}{port}".replace("  ", " ")


def unreachable(error: psycopg.Error, known: dict[str, Any]) -> Fault:
    """One line without secrets from whatever libpq said, which may be several lines, one per address tried."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    said = lines[-1] if lines else type(error).__name__
    for noise in ("Is the server running", "Multiple connection attempts"):
        if said.startswith(noise) and len(lines) > 1:
            said = lines[-2]
    said = said.rsplit("failed: ", 1)[-1].removeprefix("FATAL:").strip()
    if re.search(r'role "shokti_\w+" does not exist', said):
        return Fault(f"{place(known)} is not set up yet; run: python -m db up")
    if known.get("password"):
        said = said.replace(str(known["password"]), "…")
    return Fault(f"cannot reach {place(known)}: {said}", exit_code=AWAY)


def connect(
    url: str, *, role: str | None = None, application_name: str = "shokti", autocommit: bool = True
) -> Connection:
    """A synchronous connection acting as `role`; a Fault if it cannot be had or the server is too old."""
    known = parameters(url, role, application_name)
    try:
        connection = psycopg.connect(make_conninfo(**known), autocommit=autocommit)
    except psycopg.OperationalError as error:
        raise unreachable(error, known) from None
    try:
        check_version(connection.info.server_version, place(known))
    except Fault:
        connection.close()
        raise
    return connection


async def connect_async(
    url: str, *, role: str | None = None, application_name: str = "shokti", autocommit: bool = True
) -> AsyncConnection:
    """`connect` for asyncio."""
    known = parameters(url, role, application_name)
    try:
        connection = await psycopg.AsyncConnection.connect(make_conninfo(**known), autocommit=autocommit)
    except psycopg.OperationalError as error:
        raise unreachable(error, known) from None
    try:
        check_version(connection.info.server_version, place(known))
    except Fault:
        await connection.close()
        raise
    return connection


class Pool(AsyncConnectionPool[AsyncConnection]):
    """One that has connections again a moment after the database is back, however long it was away.

    psycopg_pool waits twice as long after each attempt that failed: after an outage, for as long again. And after a
    restart it hands out every idle connection once, though all are as dead as the first.
    """

    def __init__(self, conninfo: str, **options: Any) -> None:
        self._failed = asyncio.Event()
        super().__init__(
            conninfo, open=False, reconnect_timeout=0, reconnect_failed=lambda _: self._failed.set(), **options
        )

    async def putconn(self, conn: AsyncConnection) -> None:
        is_dead = conn.closed
        await super().putconn(conn)
        if is_dead and not self.closed:
            await self.check()

    async def look_again(self) -> None:
        """Beside the pool for as long as it is open: tries again where an attempt to connect has failed."""
        while True:
            await self._failed.wait()
            await asyncio.sleep(LOOK_AGAIN_S)
            self._failed.clear()
            await self.check()


@asynccontextmanager
async def pool(
    url: str,
    *,
    role: str | None = None,
    application_name: str = "shokti",
    min_size: int = 1,
    max_size: int = 10,
    prepare_threshold: int | None = 0,
    **options: Any,
) -> AsyncIterator[Pool]:
    """An open pool of autocommit connections, closed at the end; `options` go to psycopg_pool.

    Statements are prepared at first use; behind PgBouncer in transaction mode pass `prepare_threshold=None`.
    """
    known = parameters(url, role, application_name)
    # One plain connection first: it tells at once, and in clear words, what the pool would retry for half a minute.
    await (await connect_async(url, role=role, application_name=application_name)).close()
    connections = Pool(
        make_conninfo(**known),
        kwargs={"autocommit": True, "prepare_threshold": prepare_threshold},
        min_size=min_size,
        max_size=max_size,
        name=application_name,
        **options,
    )
    async with connections:
        looking = asyncio.create_task(connections.look_again())
        try:
            yield connections
        finally:
            looking.cancel()
            await asyncio.wait((looking,))
