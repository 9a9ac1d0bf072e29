"""Connections: each has a role and an application name, and its failure is one clear line."""

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

from db.fault import EXIT_UNAVAILABLE, Fault

Connection = psycopg.Connection[TupleRow]
AsyncConnection = psycopg.AsyncConnection[TupleRow]

OLDEST_SERVER = 180000
# Seconds between two attempts of a pool to reach a database that is away.
RECONNECT_S = 1.0

# `alter role … set` works at log-in only, not for a role taken on later, so these are options of the connection.
# A worker's claim must survive a crash of the server before the message is sent, whatever the server's default is.
ROLE_OPTIONS = {
    "shokti_analyst": {"default_transaction_read_only": "on", "statement_timeout": "60s"},
    "shokti_worker": {"synchronous_commit": "on"},
}


def check_version(server_version: int, place: str) -> None:
    """A Fault if the server (180002 = 18.2) is too old: Shokti needs temporal keys, which came with PostgreSQL 18."""
    if server_version < OLDEST_SERVER:
        major, minor = divmod(server_version, 10000)
        raise Fault(f"{place} is PostgreSQL {major}.{minor}; Shokti needs 18 or newer")


def connection_parameters(url: str, role: str | None, application_name: str) -> dict[str, Any]:
    """The parameters for libpq: the url, our defaults where it has none, then role and application name."""
    try:
        known = conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        # libpq's own message would repeat the url with its password.
        raise Fault("DATABASE_URL: not a PostgreSQL address such as postgresql://user@host:5432/database") from None
    known.setdefault("connect_timeout", "10")
    known["application_name"] = application_name
    # jsonb writes timestamptz in the session's zone; answers are in UTC wherever the server runs.
    options = {"TimeZone": "UTC"} | ({"role": role, **ROLE_OPTIONS.get(role, {})} if role else {})
    given = [str(known["options"])] if known.get("options") else []
    known["options"] = " ".join([*given, *(f"-c {name}={value}" for name, value in options.items())])
    return known


def printable_target(known: dict[str, Any]) -> str:
    """The database and host of a connection, without secrets."""
    host = known.get("host") or known.get("hostaddr") or "the local socket"
    port = f":{known['port']}" if known.get("port") else ""
    return f"the database {known.get('dbname') or known.get('user') or ''} at {host}{port}".replace("  ", " ")


def connection_fault(error: psycopg.Error, known: dict[str, Any]) -> Fault:
    """A Fault with one line without secrets from libpq's message, which may have a line for each address tried."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    message = lines[-1] if lines else type(error).__name__
    for noise in ("Is the server running", "Multiple connection attempts"):
        if message.startswith(noise) and len(lines) > 1:
            message = lines[-2]
    message = message.rsplit("failed: ", 1)[-1].removeprefix("FATAL:").strip()
    if re.search(r'role "shokti_\w+" does not exist', message):
        return Fault(f"{printable_target(known)} is not set up yet; run: python -m db up")
    if known.get("password"):
        message = message.replace(str(known["password"]), "…")
    return Fault(f"cannot reach {printable_target(known)}: {message}", exit_code=EXIT_UNAVAILABLE)


def connect(
    url: str, *, role: str | None = None, application_name: str = "shokti", autocommit: bool = True
) -> Connection:
    """A synchronous connection acting as `role`; a Fault if it fails or the server is too old."""
    known = connection_parameters(url, role, application_name)
    try:
        connection = psycopg.connect(make_conninfo(**known), autocommit=autocommit)
    except psycopg.OperationalError as error:
        raise connection_fault(error, known) from None
    try:
        check_version(connection.info.server_version, printable_target(known))
    except Fault:
        connection.close()
        raise
    return connection


async def connect_async(
    url: str, *, role: str | None = None, application_name: str = "shokti", autocommit: bool = True
) -> AsyncConnection:
    """`connect` for asyncio."""
    known = connection_parameters(url, role, application_name)
    try:
        connection = await psycopg.AsyncConnection.connect(make_conninfo(**known), autocommit=autocommit)
    except psycopg.OperationalError as error:
        raise connection_fault(error, known) from None
    try:
        check_version(connection.info.server_version, printable_target(known))
    except Fault:
        await connection.close()
        raise
    return connection


class Pool(AsyncConnectionPool[AsyncConnection]):
    """A pool that has connections again about a second after the database is back.

    psycopg_pool doubles its wait after each failed attempt, so its recovery takes as long as the outage. After a
    restart of the server it hands out every idle connection once, although all of them are broken.
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

    async def reconnect_after_failures(self) -> None:
        """Runs while the pool is open: connects again after a failed attempt."""
        while True:
            await self._failed.wait()
            await asyncio.sleep(RECONNECT_S)
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
    known = connection_parameters(url, role, application_name)
    # One plain connection first: it fails at once with a clear line, where the pool would retry for half a minute.
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
        reconnecting = asyncio.create_task(connections.reconnect_after_failures())
        try:
            yield connections
        finally:
            reconnecting.cancel()
            await asyncio.wait((reconnecting,))
