"""PgBouncer in transaction mode before the edge: the same answers over far fewer server connections."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from psycopg import Connection

from db.settings import ROOT
from tests import marketplace
from tests.app import pgbouncer
from tests.app.people import Customer, Device, bearer
from tests.app.serving import APP, Edge, serving

Db = Connection[Any]

pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(pgbouncer.PROGRAM is None, reason=pgbouncer.MISSING),
]


@pytest.fixture
def edge(database_url: str) -> Iterator[Edge]:
    with pgbouncer.pooled(database_url) as url, serving(url, **pgbouncer.ENVIRONMENT) as running:
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


@pytest.mark.slow
def test_the_http_tests_pass_through_it() -> None:
    """All of tests/app once more, with every server process behind a PgBouncer of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "tests/app", "--pgbouncer", "-m", "not slow", "-p", "no:cacheprovider"],
        cwd=ROOT,
        # Not as part of this session, whose processes share a server.
        env={name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed
    assert int(passed[1]) > 300
    assert "PgBouncer before whatever serves" in done.stdout
