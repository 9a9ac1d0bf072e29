"""Connections: role, name and options as requested, and one clear line on failure."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

import psycopg
import pytest
from psycopg_pool import PoolTimeout

from db import connection
from db.embedded.temporary import TemporaryServer
from db.fault import EXIT_CONFIGURATION, EXIT_UNAVAILABLE, Fault
from db.settings import ROOT
from tests.conftest import Connect


@pytest.mark.parametrize(
    ("version", "is_refused"), [(150018, True), (170010, True), (179999, True), (180000, False), (190001, False)]
)
def test_a_server_older_than_18_is_refused(version: int, is_refused: bool) -> None:
    if is_refused:
        with pytest.raises(Fault, match=r"PostgreSQL 1[57]\.\d+; Shokti needs 18 or newer"):
            connection.check_version(version, "the database x at y")
    else:
        connection.check_version(version, "the database x at y")


def test_an_older_server_is_told_apart_by_what_it_says(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # A higher requirement makes the newest server too old, so that the refusal is tested on a real connection.
    monkeypatch.setattr(connection, "OLDEST_SERVER", 990000)
    with pytest.raises(Fault, match=r"is PostgreSQL 18\.\d+; Shokti needs"):
        connection.connect(database_url)


@pytest.mark.parametrize(
    ("role", "allowed", "refused"),
    [
        ("shokti_app", "select api.services()", "select count(*) from account.person"),
        ("shokti_worker", "select jobs.sweep()", "select count(*) from account.person"),
        ("shokti_worker", "select count(*) from queue.pgqueuer", "select api.services()"),
        ("shokti_app", "select 1", "select jobs.sweep()"),
        ("shokti_app", "select 1", "select clock.now()"),
        ("shokti_analyst", "select 1", "select count(*) from account.person"),
        ("shokti_analyst", "select 1", "select api.services()"),
        ("shokti_owner", "select count(*) from account.person", "create role nobody_at_all"),
        ("shokti_dba", "select count(*) from account.person", "create role nobody_at_all"),
    ],
)
def test_a_role_may_what_it_is_for_and_no_more(connect: Connect, role: str, allowed: str, refused: str) -> None:
    acting = connect(role=role)
    acting.execute(allowed)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        acting.execute(refused)


def test_an_analyst_cannot_write_nor_query_for_ever(connect: Connect) -> None:
    analyst = connect(role="shokti_analyst")
    settings = "select current_setting('default_transaction_read_only'), current_setting('statement_timeout')"
    assert analyst.execute(settings).fetchone() == ("on", "1min")
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        analyst.execute("create temporary table x ()")


def test_the_name_tells_the_use_and_the_urls_own_options_stay(database_url: str) -> None:
    url = database_url + "&options=-c%20statement_timeout%3D1234&application_name=other"
    with connection.connect(url, role="shokti_app", application_name="shokti-api") as acting:
        row = acting.execute(
            "select current_user, current_setting('application_name'), current_setting('statement_timeout')"
        ).fetchone()
    assert row == ("shokti_app", "shokti-api", "1234ms")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize(
    ("url", "code", "said"),
    [
        (
            "postgresql://u:hunter2secret@127.0.0.1:{port}/d",
            EXIT_UNAVAILABLE,
            "cannot reach the database d at 127.0.0.1:{port}: Connection refused",
        ),
        (
            "postgresql://u:hunter2secret@no-such-host.invalid/d",
            EXIT_UNAVAILABLE,
            "cannot reach the database d at no-such-host.invalid: ",
        ),
        (
            "postgresql://u:hunter2secret@/d?host=%2Fnowhere",
            EXIT_UNAVAILABLE,
            "cannot reach the database d at /nowhere: ",
        ),
        ("{known}&dbname=missing", EXIT_UNAVAILABLE, 'database "missing" does not exist'),
        ("{known}&user=stranger", EXIT_UNAVAILABLE, 'role "stranger" does not exist'),
        ("postgresql://u:hunter2secret@h:port/d", EXIT_CONFIGURATION, "DATABASE_URL: not a PostgreSQL address"),
    ],
)
def test_what_cannot_be_reached_is_told_in_one_line(server: TemporaryServer, url: str, code: int, said: str) -> None:
    port = free_port()
    known = server.url("postgres").replace("@/postgres?", "@/postgres?password=hunter2secret&")
    done = subprocess.run(
        [sys.executable, "-m", "db", "migrate"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url.format(port=port, known=known)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code
    assert said.format(port=port) in done.stderr
    assert done.stderr.count("\n") == 1
    assert "hunter2secret" not in done.stderr + done.stdout


async def _pooled(url: str) -> tuple[object, ...] | None:
    async with (
        connection.pool(url, role="shokti_worker", application_name="shokti-pool") as connections,
        connections.connection() as acting,
    ):
        cursor = await acting.execute("select current_user, current_setting('application_name')")
        return await cursor.fetchone()


def test_a_pool_acts_as_its_role(database_url: str) -> None:
    import asyncio

    assert asyncio.run(_pooled(database_url)) == ("shokti_worker", "shokti-pool")


def test_a_pool_that_cannot_be_had_says_so_at_once() -> None:
    import asyncio

    with pytest.raises(Fault, match="Connection refused"):
        asyncio.run(_pooled(f"postgresql://u@127.0.0.1:{free_port()}/d"))


def test_a_pool_whose_database_was_away_is_whole_again() -> None:
    """Connections broken by a restart are handed out at most once, and waiting requests are served."""
    import asyncio

    async def outage(own: TemporaryServer) -> int:
        lost = 0
        async with connection.pool(own.url(), application_name="shokti-pool", min_size=5, max_size=5) as connections:
            await connections.wait()
            own.stop(mode="immediate")
            for _ in range(5):
                try:
                    async with connections.connection(timeout=0.1) as acting:
                        await acting.execute("select 1")
                except psycopg.OperationalError as error:
                    lost += not isinstance(error, PoolTimeout)
            # The only request for a connection while the database is away.
            waiting = asyncio.create_task(connections.getconn(timeout=60))
            await asyncio.to_thread(own.start)
            await connections.putconn(await waiting)
        return lost

    with TemporaryServer("pool") as own:
        assert asyncio.run(outage(own)) == 1
