"""A log-in of the app, the worker or an analyst cannot become the owner by temporary objects that shadow others.

Two walls, each tried by itself: nobody but the owner may create temporary objects, and every function that runs as its
owner names pg_temp last in its search_path.
"""

from __future__ import annotations

import psycopg
import pytest

from db.connection import Connection
from tests.conftest import Connect

LOGINS = ("shokti_app", "shokti_worker", "shokti_analyst")

# Raises the name of the role that runs it: with the caller's rights in a harmless place, as the owner in a definer.
SPY = """
create function pg_temp.spy() returns boolean language plpgsql as $$
begin
  if current_user = 'shokti_owner' then
    raise exception 'ran as the owner';
  end if;
  return true;
end $$
"""

# Types whose names occur in functions of ours.
TYPES = (
    "bool", "bytea", "date", "float8", "int4", "int8", "interval", "jsonb", "numeric", "text", "time", "timestamptz",
    "tstzrange", "uuid",
)  # fmt: skip

# Relations, functions and operators of pg_catalog that a search in pg_temp would hide.
SHADOWS = (
    "create table pg_temp.pg_class (oid oid, relname name)",
    "create table pg_temp.pg_proc (oid oid, proname name)",
    "create view pg_temp.pg_locks as select pg_temp.spy() as granted",
    "create function pg_temp.coalesce_spy(a text, b text) returns text language sql as 'select pg_temp.spy()::text'",
    "create function pg_temp.lower(a text) returns text language sql as 'select pg_temp.spy()::text'",
    "create function pg_temp.jsonb_build_object(variadic a text[]) returns jsonb language sql as"
    " 'select pg_temp.spy()::text::pg_catalog.jsonb'",
    "create operator pg_temp.-> (leftarg = pg_catalog.jsonb, rightarg = pg_catalog.int4, function = pg_temp.picks)",
    "create cast (pg_temp.kind as pg_catalog.text) with function pg_temp.shows(pg_temp.kind) as assignment",
)


@pytest.fixture
def granted(superuser_url: str, database_name: str) -> None:
    """The first wall taken down: everybody may create temporary objects again."""
    with psycopg.connect(superuser_url, autocommit=True) as superuser:
        superuser.execute(f"grant temporary on database {database_name} to public")


def attacker_as(connect: Connect, role: str) -> Connection:
    """A log-in that undoes what it may undo of its own settings."""
    connection = connect(role=role)
    connection.execute("set default_transaction_read_only = off")
    return connection


def callable_by(connection: Connection, role: str) -> list[tuple[str, int]]:
    """Functions that a role may execute, with the number of their arguments."""
    return connection.execute(
        "select p.oid::regproc::text, p.pronargs from pg_catalog.pg_proc p"
        " join pg_catalog.pg_namespace n on n.oid = p.pronamespace and n.nspowner = 'shokti_owner'::regrole"
        " where p.prosecdef and has_function_privilege(%s, p.oid, 'execute') and n.nspname in ('api', 'jobs')"
        " order by 1",
        [role],
    ).fetchall()


@pytest.mark.parametrize("role", LOGINS)
@pytest.mark.parametrize(
    "statement",
    [
        "create temporary table t (x int)",
        "create domain pg_temp.jsonb as pg_catalog.jsonb",
        "create function pg_temp.f() returns int language sql as 'select 1'",
        "create type pg_temp.kind as enum ('a')",
    ],
)
def test_nobody_but_the_owner_creates_temporary_objects(connect: Connect, role: str, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        attacker_as(connect, role).execute(statement)


@pytest.mark.parametrize("role", LOGINS)
def test_shadowing_types_and_relations_gains_nothing(
    db: Connection, connect: Connect, granted: None, role: str
) -> None:
    attacker = attacker_as(connect, role)
    attacker.execute(SPY)
    attacker.execute("create type pg_temp.kind as enum ('a')")
    attacker.execute(
        "create function pg_temp.shows(k pg_temp.kind) returns text language sql as 'select pg_temp.spy()::text'"
    )
    attacker.execute(
        "create function pg_temp.picks(a jsonb, b int) returns jsonb language sql as 'select pg_temp.spy()::text::jsonb'"
    )
    for statement in SHADOWS:
        attacker.execute(statement)
    for name in TYPES:
        attacker.execute(f"create domain pg_temp.{name} as pg_catalog.{name} check (pg_temp.spy())")
    # The shadows are where an unpinned path looks first.
    assert attacker.execute("select 'jsonb'::regtype::oid = 'pg_temp.jsonb'::regtype::oid").fetchone() == (True,)
    attempts, breaches = 0, []
    for function, arguments in callable_by(db, role):
        for value in ("null", "'{}'", "'[]'", "'x'", "'00000000-0000-4000-8000-000000000000'", "1"):
            try:
                attacker.execute(f"select {function}({', '.join([value] * arguments)})")
            except psycopg.Error as error:
                if "ran as the owner" in str(error):
                    breaches.append(function)
            attempts += 1
    assert breaches == []
    assert attempts > 100 or role == "shokti_analyst"


def test_the_attack_works_where_the_path_is_empty(db: Connection, connect: Connect, granted: None) -> None:
    """What the test above looks for is seen where a function is written as it must not be."""
    db.execute(
        "create function api.careless(p text) returns text language plpgsql security definer set search_path = '' as"
        " $$ declare v jsonb; begin v := '{}'; return v::text; end $$"
    )
    db.execute("grant execute on function api.careless(text) to shokti_app")
    attacker = connect(role="shokti_app")
    attacker.execute(SPY)
    attacker.execute("create domain pg_temp.jsonb as pg_catalog.jsonb check (pg_temp.spy())")
    with pytest.raises(psycopg.errors.RaiseException, match="ran as the owner"):
        attacker.execute("select api.careless('x')")
