"""A database that an older release made and lived in comes up to date by `db up`, whatever befalls it on the way."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tarfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.types.json import Jsonb

from db import connect as connect_to
from db import simulation
from db.connection import Connection
from db.dump import dump_schema
from db.embedded.server import LOGIN
from db.embedded.temporary import TemporaryServer
from db.settings import ROOT
from tests.worker.stage import until

pytestmark = pytest.mark.slow


# Commits of the releases that a database may come from, oldest first: each release adds its own, from 1.0.0 on.
RELEASES: tuple[str, ...] = ()
# A database of this checkout is brought to a checkout with one more migration and other definitions.
THIS = "this-checkout"
SOURCES = (THIS, *RELEASES)
NEXT_MIGRATION = "alter table smartengage.campaign add constraint campaign_name_is_short check (length(name) < 1000);\n"

URL = "https://shokti.example"
LAST_DAY = "2026-11-21"
MORNING, NEXT_MORNING = "2026-11-22T07:00:00+06:00", "2026-11-23T07:00:00+06:00"

# Tables of people, their market and what was sent to them. Those of policy have new versions of rules with a release.
CONTENT = """
select c.oid::regclass::text, array_agg(a.attname order by a.attnum)
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where n.nspname in ('edge', 'account', 'market', 'text', 'outreach', 'prediction', 'smartengage', 'queue')
  and c.relkind in ('r', 'p')
  and not c.relispartition
group by c.oid
order by 1
"""
_serial = count(1)


@dataclass(frozen=True)
class Old:
    """A database of an older release: hundreds of customers, a day planned, a message sent and one in hand."""

    name: str
    url: str
    in_hand: dict[str, Any]
    #: The checkout that brings it up to date, and a database that this checkout made.
    newer: Path
    fresh_url: str


def one(connection: Connection, query: str, *arguments: Any) -> Any:
    row = connection.execute(query, arguments).fetchone()
    assert row is not None
    return row[0]


@contextmanager
def owner(url: str) -> Iterator[Connection]:
    with connect_to(url, role="shokti_owner", application_name="shokti-test") as connection:
        yield connection


@contextmanager
def at(url: str, moment: str) -> Iterator[Connection]:
    """Time stands still, at first at that moment, as long as the block lasts."""
    with owner(url) as connection:
        simulation.install(connection)
        try:
            simulation.set_clock(connection, datetime.fromisoformat(moment))
            yield connection
        finally:
            simulation.uninstall(connection)


def planned(connection: Connection, key: str) -> None:
    """A day's reminders, and the time when the last of them is due."""
    campaign = one(connection, "select campaign_id from smartengage.campaign where name = 'daily-reminder'")
    connection.execute("select jobs.plan_campaign(%s, %s)", [campaign, key])
    run = one(connection, "select run_id from smartengage.run where trigger_key = %s", key)
    connection.execute("select jobs.assign_texts(%s)", [run])
    simulation.set_clock(connection, one(connection, "select max(due_at) from outreach.message where run_id = %s", run))


def claimed(connection: Connection, limit: int) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = one(connection, "select jobs.claim_messages('email', %s, %s)", limit, URL)[
        "messages"
    ]
    return messages


def accepted(connection: Connection, messages: list[dict[str, Any]]) -> None:
    told = [
        {"message_id": m["message_id"], "attempt": m["attempt"], "adapter": "test", "outcome": "accepted"}
        for m in messages
    ]
    connection.execute("select jobs.record_outcomes(%s)", [Jsonb(told)])


@pytest.fixture(scope="module", params=SOURCES, ids=lambda source: source[:13])
def old(
    request: pytest.FixtureRequest, server: TemporaryServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Old]:
    """Made by the code of that commit, under today's packages."""
    source: str = request.param
    other = tmp_path_factory.mktemp("checkout")
    if source == THIS:
        older, newer = ROOT, next_checkout(other)
    else:
        older, newer = checked_out(source, other), ROOT
    name, fresh = (f"{kind}_{os.getpid()}_{SOURCES.index(source)}" for kind in ("old", "fresh"))
    with psycopg.connect(server.superuser_url, autocommit=True) as maintenance:
        maintenance.execute(f"create database {fresh} owner {LOGIN}")
        made = run(server.url(fresh), "up", folder=newer)
        assert made.returncode == 0, made.stderr
        maintenance.execute(f"create database {name} owner {LOGIN}")
        url = server.url(name)
        command = ["demo", "--customers", "800", "--until", LAST_DAY]
        made = run(url, *command, folder=older)
        assert made.returncode == 0, f"the release itself fails: {made.stderr}"
        with at(url, MORNING) as connection:
            planned(connection, "the old release's day")
            first, second = claimed(connection, 2)
            accepted(connection, [first])
        yield Old(name, url, second, newer, server.url(fresh))
        for database in (name, fresh):
            maintenance.execute(f"drop database {database} with (force)")


def checked_out(commit: str, folder: Path) -> Path:
    archive = subprocess.run(["git", "-C", ROOT, "archive", commit], capture_output=True, check=False)
    assert archive.returncode == 0, f"the commit {commit[:7]} is not in this clone: git fetch --unshallow"
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as files:
        files.extractall(folder, filter="data")
    return folder


def next_checkout(folder: Path) -> Path:
    """This checkout with one more migration, and definitions that are changed, moved and removed."""
    for part in ("db", "sql"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    last = max(path.stem for path in (ROOT / "db" / "migrations").glob("*.sql"))
    text = f"-- depends: {last}\n{NEXT_MIGRATION}"
    (folder / "db" / "migrations" / "9999.next.sql").write_text(text)
    jobs = folder / "sql" / "jobs"
    # The name of an argument: `create or replace` is refused, so the function is dropped.
    renamed = (jobs / "demo" / "find_run.sql").read_text().replace("p_trigger_key", "p_key")
    (jobs / "demo" / "find_run.sql").write_text(renamed)
    (jobs / "demo" / "next_due_at.sql").rename(jobs / "keep" / "next_due_at.sql")
    (jobs / "demo" / "sample_messages.sql").unlink()
    return folder


@pytest.fixture
def upgraded_url(old: Old, server: TemporaryServer) -> Iterator[str]:
    """A copy of the old database, to be brought up to date."""
    name = f"{old.name}_{next(_serial)}"
    with psycopg.connect(server.superuser_url, autocommit=True) as maintenance:
        maintenance.execute(f"create database {name} template {old.name} owner {LOGIN} strategy file_copy")
        maintenance.execute(f"grant create, temporary on database {name} to shokti_owner")
        yield server.url(name)
        maintenance.execute(f"drop database {name} with (force)")


def environment(url: str) -> dict[str, str]:
    return os.environ | {"DATABASE_URL": url}


def run(url: str, *command: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "db", *command],
        cwd=folder,
        env=environment(url),
        capture_output=True,
        text=True,
        check=False,
    )


def up(url: str, folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "db", "up"],
        cwd=folder,
        env=environment(url),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def objects(url: str) -> set[str]:
    """The structure, one entry per object; without the order in which they were made."""
    return {f"-- Name: {text.strip()}" for text in dump_schema(url, whole=True).split("\n-- Name: ")}


def assert_like_fresh(url: str, fresh_url: str) -> None:
    """As if the newer checkout had made it: every object, and the bookkeeping of migrations and definitions."""
    with owner(url) as upgraded, owner(fresh_url) as fresh:
        # Months of events are data: the fresh database gets the same ones.
        months = upgraded.execute(
            "select to_date(right(inhrelid::regclass::text, 7), 'YYYY_MM')::timestamp at time zone 'UTC'"
            " from pg_catalog.pg_inherits where inhparent = 'market.app_event'::regclass"
            " and inhrelid <> 'market.app_event_default'::regclass"
        ).fetchall()
        for (month,) in months:
            fresh.execute("select market.make_event_partitions(%s)", [month])
        for noted in ("select file, sha256 from deploy.applied", "select file, sha256 from deploy.definition"):
            assert set(upgraded.execute(noted)) == set(fresh.execute(noted))
    ours, theirs = objects(url), objects(fresh_url)
    made_ahead = {entry for entry in theirs - ours if "app_event_20" in entry}
    assert (ours - theirs, theirs - ours - made_ahead) == (set(), set())


def content(connection: Connection, columns: dict[str, list[str]]) -> dict[str, Counter[str]]:
    """Every row of the tables, as text, of the columns given."""
    return {
        table: Counter(
            text
            for (text,) in connection.execute(
                sql.SQL("select jsonb_build_array({})::text from {}").format(
                    sql.SQL(", ").join(map(sql.Identifier, names)),
                    sql.SQL(table),
                )
            )
        )
        for table, names in columns.items()
    }


def test_it_ends_like_a_fresh_one_with_its_data(old: Old, upgraded_url: str) -> None:
    with owner(upgraded_url) as connection:
        columns: dict[str, list[str]] = dict(connection.execute(CONTENT).fetchall())
        before = content(connection, columns)
    assert len(before["account.person"]) == 880
    assert_brought_up(old, upgraded_url)
    with owner(upgraded_url) as connection:
        now = dict(connection.execute(CONTENT).fetchall())
        kept = {table: [name for name in names if name in now.get(table, ())] for table, names in columns.items()}
        assert kept == columns, "a column that an older release filled is gone: say here where its values went"
        after = content(connection, columns)
    for table in before:
        assert not before[table] - after[table], f"rows of {table} are gone or changed"


def test_its_messages_go_on_and_days_can_be_planned(old: Old, upgraded_url: str) -> None:
    assert run(upgraded_url, "up", folder=old.newer).returncode == 0
    with at(upgraded_url, MORNING) as connection:
        simulation.set_clock(connection, one(connection, "select max(due_at) from outreach.message"))
        # Sent by a worker of the old release that was still at work while the structure changed.
        accepted(connection, [old.in_hand])
        rest = claimed(connection, 100)
        accepted(connection, rest)
        assert rest, "what the old release had planned cannot be claimed"
        assert all(message["subject"] and message["body"] for message in rest)
    with at(upgraded_url, NEXT_MORNING) as connection:
        planned(connection, "the new release's day")
        accepted(connection, claimed(connection, 100))
        runs = connection.execute(
            "select trigger_key, messages > 0, sent > 0, identity_holds from analytics.run order by as_of"
        ).fetchall()
    assert runs == [("the old release's day", True, True, True), ("the new release's day", True, True, True)]


from_this = pytest.mark.parametrize("old", [THIS], indirect=True)
READS_TABLE = "lock table smartengage.campaign in access share mode"
READS_VIEW = "select count(*) from analytics.run"


@contextmanager
def reader(url: str, statement: str) -> Iterator[Connection]:
    """Reads in a transaction that stays open until the block ends it."""
    with connect_to(url, role="shokti_owner", autocommit=False, application_name="shokti-test") as connection:
        connection.execute(statement)
        yield connection


def waiting(watching: Connection, application: str, number: int = 1) -> bool:
    query = (
        "select count(*) from pg_catalog.pg_locks l join pg_catalog.pg_stat_activity a using (pid)"
        " where not l.granted and a.datname = current_database() and a.application_name = %s"
    )
    return bool(one(watching, query, application) >= number)


@from_this
@pytest.mark.faults
def test_killed_amid_a_migration_it_goes_on_the_next_time(old: Old, upgraded_url: str) -> None:
    with owner(upgraded_url) as watching, reader(upgraded_url, READS_TABLE):
        killed_when_waiting(watching, up(upgraded_url, old.newer), "shokti-migrate")
    assert_brought_up(old, upgraded_url)


@from_this
@pytest.mark.faults
def test_killed_amid_the_definitions_it_goes_on_the_next_time(old: Old, upgraded_url: str) -> None:
    assert run(upgraded_url, "migrate", folder=old.newer).returncode == 0
    with owner(upgraded_url) as watching, reader(upgraded_url, READS_VIEW) as reading:
        watching.execute("update deploy.definition set sha256 = '' where file = 'sql/analytics/delivery/run.sql'")
        killed_when_waiting(watching, up(upgraded_url, old.newer), "shokti-apply")
        reading.execute(READS_VIEW)
    assert_brought_up(old, upgraded_url)


@from_this
def test_two_at_once_are_one_after_the_other(old: Old, upgraded_url: str) -> None:
    with owner(upgraded_url) as watching, reader(upgraded_url, READS_TABLE):
        both = [up(upgraded_url, old.newer)]
        until(lambda: waiting(watching, "shokti-migrate"), seconds=120, what="a migration held up")
        both.append(up(upgraded_url, old.newer))
        until(lambda: waiting(watching, "shokti-migrate", 2), seconds=120, what="the second waits for the first")
    assert [(process.communicate()[1], process.returncode) for process in both] == [("", 0), ("", 0)]
    assert_like_fresh(upgraded_url, old.fresh_url)


def killed_when_waiting(watching: Connection, process: subprocess.Popen[str], application: str) -> None:
    until(lambda: waiting(watching, application), seconds=120, what=f"{application} held up")
    process.kill()
    process.communicate()


def assert_brought_up(old: Old, url: str) -> None:
    done = run(url, "up", folder=old.newer)
    assert (done.returncode, done.stderr) == (0, "")
    assert_like_fresh(url, old.fresh_url)
