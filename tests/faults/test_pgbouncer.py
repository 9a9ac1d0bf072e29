"""PgBouncer in transaction mode before the edge: the same answers over far fewer server connections."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from psycopg import Connection

from tests import marketplace
from tests.app.people import Device, bearer
from tests.app.serving import APP, Edge, free_port, serving
from tests.app.test_idempotency import Customer
from tests.app.test_process import eventually

Db = Connection[Any]

PGBOUNCER = shutil.which("pgbouncer", path=os.environ.get("PATH", "") + ":/usr/sbin")

pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(PGBOUNCER is None, reason="PgBouncer is not installed: apt-get install pgbouncer"),
]

CONFIGURATION = """\
[databases]
pooled = host={host} port={port} dbname={name} user={user} pool_size=2 connect_query={query}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listen}
unix_socket_dir =
auth_type = any
pool_mode = transaction
max_client_conn = 200
ignore_startup_parameters = options,extra_float_digits
logfile = {folder}/pgbouncer.log
pidfile = {folder}/pgbouncer.pid
"""


@pytest.fixture
def pooled_url(database_url: str) -> Iterator[str]:
    """The test's database by way of two server connections."""
    assert PGBOUNCER is not None
    parts = urlsplit(database_url)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    host = query.get("host") or parts.hostname or ""
    listen = free_port()
    # What a connection of ours asks for by itself, in options that PgBouncer cannot pass on.
    asked = "'set role shokti_app; set time zone ''UTC'''"
    # It refuses to run as root, so beside the server, as the server's user.
    folder = Path(host) / f"pgbouncer-{listen}"
    owner = Path(host).stat()
    folder.mkdir()
    os.chown(folder, owner.st_uid, owner.st_gid)
    file = folder / "pgbouncer.ini"
    file.write_text(
        CONFIGURATION.format(
            host=host, port=query.get("port") or parts.port or 5432, name=parts.path.strip("/"), user=parts.username,
            listen=listen, folder=folder, query=asked,
        )
    )  # fmt: skip
    process = subprocess.Popen(
        [PGBOUNCER, "-q", str(file)], user=owner.st_uid, group=owner.st_gid, extra_groups=[], cwd=folder
    )
    try:
        eventually(lambda: accepts(listen))
        yield f"postgresql://shokti@127.0.0.1:{listen}/pooled"
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(folder)


def accepts(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def edge(pooled_url: str) -> Iterator[Edge]:
    with serving(pooled_url, DATABASE_PREPARES="false") as running:
        yield running


def test_signing_in_and_booking_go_through_it(edge: Edge, db: Db) -> None:
    with edge.client(**APP) as client:
        device = Device(client, db)
        signed_in = device.sign_in()
        assert device.refresh(signed_in["refresh_token"]).status_code == 200
        customer = Customer(db)
        first, again = customer.book(client, "k"), customer.book(client, "k")
        assert first.content == again.content
        assert first.json()["created_at"].endswith("+00:00")
        assert client.get("/readyz").status_code == 200
        assert customer.bookings() == 1


def test_many_callers_share_two_connections(edge: Edge, db: Db) -> None:
    headers = bearer(db, marketplace.person(db))

    def ask(_: int) -> set[int]:
        with edge.client(**APP) as client:
            return {client.get(path, headers=headers).status_code for path in ("/services", "/me", "/bookings") * 5}

    with ThreadPoolExecutor(16) as callers:
        assert set().union(*callers.map(ask, range(16))) == {200}
    row = db.execute(
        "select count(*) from pg_stat_activity where datname = current_database() and application_name = 'app'"
    ).fetchone()
    assert row is not None
    assert 0 < row[0] <= 2
