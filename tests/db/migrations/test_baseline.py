"""The files of db/migrations: a chain without gaps, each table in one of them, and every new database has the same rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from db import connect as connect_to
from db.connection import Connection
from db.embedded.server import LOGIN
from db.embedded.temporary import TemporaryServer
from db.migrations import runner
from db.roles import ensure_roles

FILES = runner.read_migrations()

#: Differ by intention: which installation this is.
OWN = {"installation_id", "system_identifier"}

TABLES = """
select c.oid::regclass::text
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where n.nspowner = 'shokti_owner'::regrole
  and n.nspname <> 'deploy'
  and c.relkind = 'r'
order by 1
"""


def test_the_numbers_are_linear_and_each_file_depends_on_its_predecessor() -> None:
    ids = sorted(file.id for file in FILES)
    assert [id.split(".")[0] for id in ids] == [f"{n:04d}" for n in range(1, len(ids) + 1)]
    assert {file.id: sorted(file.depends_on) for file in FILES} == {
        id: [before] if before else [] for before, id in zip(["", *ids], ids, strict=False)
    }


def test_each_table_is_created_once() -> None:
    created = [
        (name, file.id)
        for file in FILES
        for name in re.findall(r"^create (?:unlogged )?table ([a-z_.]+)", file.text, re.MULTILINE | re.IGNORECASE)
    ]
    twice = {name for name, _ in created if [other for other, _ in created].count(name) > 1}
    assert (len(created) > 30, twice) == (True, set())


def test_two_new_databases_have_the_same_rows(server: TemporaryServer, empty_url: str) -> None:
    with another_empty(server) as other_url:
        rows = [seeded(url) for url in (empty_url, other_url)]
    assert rows[0] == rows[1]
    assert min(len(rows[0][table]) for table in ("policy.rule", "policy.message_class", "text.template")) > 1


@contextmanager
def another_empty(server: TemporaryServer) -> Iterator[str]:
    with psycopg.connect(server.superuser_url, autocommit=True) as maintenance:
        maintenance.execute(f"create database seeded_again owner {LOGIN}")
        try:
            yield server.url("seeded_again")
        finally:
            maintenance.execute("drop database seeded_again with (force)")


def seeded(url: str) -> dict[str, list[str]]:
    """Every row of every table after the migrations, as text."""
    ensure_roles(url)
    runner.migrate(url)
    with connect_to(url, role="shokti_owner") as connection:
        return {table: rows_of(connection, table) for (table,) in connection.execute(TABLES).fetchall()}


def rows_of(connection: Connection, table: str) -> list[str]:
    found = connection.execute(f"select (to_jsonb(t) - %s::text[])::text from {table} t order by 1", [sorted(OWN)])
    return [row for (row,) in found.fetchall()]
