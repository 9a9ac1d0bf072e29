"""One embedded server for each session, with a migrated template database, and a clone of it for every test.

The server starts when the first test needs a database. With pytest-xdist all processes share it: the controller chooses
its folder and removes it at the end.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from pytest_postgresql.janitor import DatabaseJanitor

from db import connection, simulation
from db.embedded.server import LOGIN, SUPERUSER
from db.embedded.temporary import TemporaryServer, memory_folder
from db.provision import bring_up_to_date
from db.settings import ROOT
from tests.app import pgbouncer
from tests.app.serving import BEHIND_PGBOUNCER
from tests.servers import remove_leftover_servers

FOLDER = pytest.StashKey[Path]()

# Tests use the defaults and no outside service, whatever the developer's shell has set.
for _name in (
    "DATABASE_URL", "OPENAI_API_KEY", "OPENAI_BASE_URL", "SMTP_URL", "PUBLIC_URL", "SHOKTI_SECRET_KEYS",
    "SHOKTI_SIGNING_KEYS", "SHOKTI_TOKEN_ALGORITHM", "CORS_ORIGINS", "TRUSTED_PROXIES",
    "SMS_GATEWAY", "SMS_URL", "SMS_API_TOKEN", "SMS_SID", "SMS_RATE", "WEBHOOK_SECRETS",
):  # fmt: skip
    os.environ.pop(_name, None)
os.environ["SHOKTI_ENV"] = "test"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-contract", action="store_true", help="write the analysts' contract anew")
    parser.addoption("--pgbouncer", action="store_true", help="put PgBouncer before the database of whatever serves")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--pgbouncer"):
        if pgbouncer.PROGRAM is None:
            raise pytest.UsageError(pgbouncer.MISSING)
        os.environ[BEHIND_PGBOUNCER] = "1"
    given = getattr(config, "workerinput", {}).get("shokti_folder")
    config.stash[FOLDER] = Path(given) if given else memory_folder() / f"shokti-test-{os.getpid()}"
    if not given:
        remove_leftover_servers()


def pytest_report_header(config: pytest.Config) -> str | None:
    return "PgBouncer before whatever serves" if config.getoption("--pgbouncer") else None


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    node.workerinput["shokti_folder"] = str(node.config.stash[FOLDER])


def pytest_unconfigure(config: pytest.Config) -> None:
    """The controller, or the only process, removes the server."""
    if not hasattr(config, "workerinput") and config.stash[FOLDER].exists():
        TemporaryServer(folder=config.stash[FOLDER]).remove()


@contextmanager
def locked(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> TemporaryServer:
    """The server of this session; its superuser does what no role of Shokti may."""
    shared = TemporaryServer(folder=request.config.stash[FOLDER])
    shared.start()
    return shared


@pytest.fixture(scope="session")
def template(server: TemporaryServer) -> str:
    """The name of a database at the state of this checkout, without connections."""
    name = f"template_{content_hash()[:16]}"
    with (
        locked(server.data.parent / "template.lock"),
        psycopg.connect(server.superuser_url, autocommit=True) as maintenance,
    ):
        if maintenance.execute("select 1 from pg_database where datname = %s", [name]).fetchone() is None:
            maintenance.execute(f"drop database if exists {name}_new")
            maintenance.execute(f"create database {name}_new owner {LOGIN}")
            bring_up_to_date(server.url(f"{name}_new"))
            maintenance.execute(f"alter database {name}_new rename to {name}")
    return name


@pytest.fixture(scope="session")
def template_connection(server: TemporaryServer, template: str) -> Iterator[connection.Connection]:
    """A read-only connection to a clone that several tests share."""
    name = f"looked_at_{os.getpid()}"
    with psycopg.connect(server.superuser_url, autocommit=True) as maintenance:
        maintenance.execute(f"create database {name} template {template} owner {LOGIN} strategy file_copy")
        maintenance.execute(f"revoke temporary on database {name} from public")
        with connection.connect(server.url(name), role="shokti_owner", application_name="shokti-test") as looking:
            looking.execute("set default_transaction_read_only = on")
            yield looking
        maintenance.execute(f"drop database {name} with (force)")


def content_hash() -> str:
    """The hash of all files from which a fresh database is made."""
    whole = hashlib.sha256()
    for path in sorted([*ROOT.glob("db/*.sql"), *ROOT.glob("db/migrations/*.sql"), *ROOT.glob("sql/**/*.sql")]):
        if path.name != "schema.sql":
            whole.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    return whole.hexdigest()


_serial = count(1)


@pytest.fixture
def database_name(server: TemporaryServer, template: str) -> Iterator[str]:
    """A clone of the template, dropped at the end together with its connections."""
    name = f"test_{os.getpid()}_{next(_serial)}"
    with psycopg.connect(server.superuser_url, autocommit=True) as maintenance:
        maintenance.execute(f"create database {name} template {template} owner {LOGIN} strategy file_copy")
        # Privileges on the database itself are not cloned.
        maintenance.execute(f"grant create, temporary on database {name} to shokti_owner")
        maintenance.execute(f"revoke temporary on database {name} from public")
        yield name
        maintenance.execute(f"drop database {name} with (force)")


@pytest.fixture
def database_url(server: TemporaryServer, database_name: str) -> str:
    """The test's own database, migrated and empty; the log-in may take on every role of Shokti."""
    return server.url(database_name)


@pytest.fixture
def superuser_url(server: TemporaryServer, database_name: str) -> str:
    """The same database as superuser, for `load 'auto_explain'` and the like."""
    return server.url(database_name, SUPERUSER)


@pytest.fixture
def empty_url(server: TemporaryServer) -> Iterator[str]:
    """A database without roles, schemas and tables of Shokti."""
    name = f"empty_{os.getpid()}_{next(_serial)}"
    # The janitor cannot copy files, so clones are made without it. It is the superuser, as it ends remaining sessions,
    # of which one may be an autovacuum worker.
    with DatabaseJanitor(user=SUPERUSER, host=str(server.socket_folder), port=5432, dbname=name):
        with psycopg.connect(server.superuser_url, autocommit=True) as maintenance:
            maintenance.execute(f"alter database {name} owner to {LOGIN}")
        yield server.url(name)


Connect = Callable[..., connection.Connection]


@pytest.fixture
def connect(database_url: str) -> Iterator[Connect]:
    """`connect(role="shokti_app", autocommit=True)`: another connection to the test's database, closed at the end."""
    opened: list[connection.Connection] = []

    def one_more(role: str | None = "shokti_owner", *, autocommit: bool = True) -> connection.Connection:
        opened.append(
            connection.connect(database_url, role=role, autocommit=autocommit, application_name="shokti-test")
        )
        return opened[-1]

    yield one_more
    for one in opened:
        one.close()


@pytest.fixture
def db(connect: Connect) -> connection.Connection:
    """A connection as the owner of everything, in autocommit mode."""
    return connect(role="shokti_owner")


@pytest.fixture
def api(connect: Connect) -> connection.Connection:
    """A connection with the privileges of the edge: the functions of schema api only."""
    return connect(role="shokti_app")


class Clock:
    """The simulated clock of the test's database, which stands still unless a speed is set."""

    def __init__(self, owner: connection.Connection) -> None:
        self._connection = owner

    def set(self, at: datetime | str, speed: float = 0) -> None:
        """Text is ISO 8601 with an offset."""
        simulation.set_clock(self._connection, datetime.fromisoformat(at) if isinstance(at, str) else at, speed)

    def advance(self, **span: float) -> None:
        """By a timedelta's keywords: `clock.advance(hours=3)`."""
        self.set(self.now() + timedelta(**span))

    def now(self) -> datetime:
        return simulation.simulated_now(self._connection)


@pytest.fixture
def clock(connect: Connect) -> Clock:
    """Time stands still at ten in the morning of Monday 23 November 2026 in Dhaka, until the test moves it."""
    owner = connect(role="shokti_owner")
    simulation.install(owner)
    simulated = Clock(owner)
    simulated.set("2026-11-23T10:00:00+06:00")
    return simulated
