"""Applying sql/: the result is what the files define, whatever existed before, and stored objects stay."""

from __future__ import annotations

import re
from pathlib import Path

import psycopg
import pytest

from db import connect as connect_to
from db import definitions, locks
from db.fault import Fault
from db.migrations import runner
from db.roles import ensure_roles


class Checkout:
    """A folder of definitions and the database it is applied to."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.url = url

    def write(self, name: str, text: str) -> None:
        path = self.folder / f"{name}.sql"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def remove(self, name: str) -> None:
        (self.folder / f"{name}.sql").unlink()

    def apply(self) -> definitions.ApplyResult:
        return definitions.apply(self.url, self.folder)

    def one(self, query: str) -> object:
        with connect_to(self.url, role="shokti_owner") as connection:
            row = connection.execute(query).fetchone()
            return None if row is None else row[0]

    def run(self, statement: str) -> None:
        with connect_to(self.url, role="shokti_owner") as connection:
            connection.execute(statement)

    def functions(self) -> list[str]:
        with connect_to(self.url) as connection:
            rows = connection.execute(
                "select oid::regprocedure::text from pg_proc where pronamespace = 'shop'::regnamespace order by 1"
            )
            return [name for (name,) in rows.fetchall()]


@pytest.fixture
def checkout(empty_url: str, tmp_path: Path) -> Checkout:
    ensure_roles(empty_url)
    migrations = tmp_path / "migrations"
    migrations.mkdir()
    (migrations / "0001.first.sql").write_text(
        "create schema api; create schema jobs; create schema queue; create schema analytics; create schema shop;"
        "create table shop.book (title text primary key, price int not null);"
    )
    runner.migrate(empty_url, migrations)
    folder = tmp_path / "sql"
    folder.mkdir()
    return Checkout(folder, empty_url)


def function(name: str, body: str, arguments: str = "", returns: str = "int") -> str:
    return f"create or replace function {name}({arguments}) returns {returns} language sql stable return {body};"


def test_the_order_is_found_by_trying(checkout: Checkout) -> None:
    checkout.write("shop/a", function("shop.a", "shop.b() + 1"))
    checkout.write("shop/b", function("shop.b", "(select x from shop.c)"))
    checkout.write("shop/c", "create or replace view shop.c as select shop.d() as x;")
    checkout.write("shop/d", function("shop.d", "1"))
    assert checkout.apply().files == ("sql/shop/d.sql", "sql/shop/c.sql", "sql/shop/b.sql", "sql/shop/a.sql")
    assert checkout.one("select shop.a()") == 2


def test_a_second_run_does_nothing_and_only_changed_files_run(checkout: Checkout) -> None:
    checkout.write("shop/a", function("shop.a", "1"))
    checkout.write("shop/b", function("shop.b", "2"))
    checkout.apply()
    assert checkout.apply() == definitions.ApplyResult((), ())
    checkout.write("shop/b", function("shop.b", "3"))
    assert checkout.apply() == definitions.ApplyResult(("sql/shop/b.sql",), ())
    assert checkout.one("select shop.b()") == 3


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            function("shop.a", "1", returns="int"), function("shop.a", "1::bigint", returns="bigint"), id="result type"
        ),
        pytest.param(function("shop.a", "p_x", "p_x int"), function("shop.a", "p_y", "p_y int"), id="argument name"),
        pytest.param(
            function("shop.a", "p_x", "p_x int default 1"), function("shop.a", "p_x", "p_x int"), id="default dropped"
        ),
        pytest.param(
            "create or replace view shop.a as select 1 as x, 2 as y;",
            "create or replace view shop.a as select 2 as y;",
            id="view column dropped",
        ),
        pytest.param(
            "create or replace view shop.a as select 1 as x;",
            "create or replace view shop.a as select 'one' as x;",
            id="view column of another type",
        ),
        pytest.param(
            "create materialized view shop.a as select 1 as x; create unique index a_idx on shop.a (x);",
            "create materialized view shop.a as select 2 as x; create unique index a_idx on shop.a (x);",
            id="materialized view",
        ),
        pytest.param(
            "create or replace view shop.a as select 1 as x;",
            "create materialized view shop.a as select 1 as x;",
            id="view becomes materialized",
        ),
        pytest.param(
            "create materialized view shop.a as select 1 as x;",
            "create or replace view shop.a as select 1 as x;",
            id="materialized becomes view",
        ),
        pytest.param(
            "create or replace procedure shop.a() language sql begin atomic select 1; end;",
            function("shop.a", "1"),
            id="procedure becomes function",
        ),
        pytest.param("create type shop.a as enum ('x');", "create type shop.a as enum ('x', 'y');", id="type"),
        pytest.param(
            function("shop.a", "1"), "create or replace view shop.a as select 1 as x;", id="function becomes view"
        ),
    ],
)
def test_what_cannot_be_replaced_is_made_anew(checkout: Checkout, before: str, after: str) -> None:
    checkout.write("shop/a", before)
    checkout.apply()
    checkout.write("shop/a", after)
    assert checkout.apply().files == ("sql/shop/a.sql",)
    changed = catalogue(checkout)
    # As if the new file had existed from the start.
    checkout.remove("shop/a")
    assert checkout.apply() == definitions.ApplyResult((), ("sql/shop/a.sql",))
    assert catalogue(checkout) == []
    checkout.write("shop/a", after)
    checkout.apply()
    assert catalogue(checkout) == changed


def catalogue(checkout: Checkout) -> list[tuple[object, ...]]:
    with connect_to(checkout.url) as connection:
        return connection.execute(
            """
            select p.prokind::text, p.oid::regprocedure::text, p.prosrc, pg_get_function_arguments(p.oid),
                   pg_get_function_result(p.oid), p.proacl::text
            from pg_proc p
            where p.pronamespace = 'shop'::regnamespace
            union all
            select c.relkind::text, c.relname, pg_get_viewdef(c.oid), null, null, c.relacl::text
            from pg_class c
            where c.relnamespace = 'shop'::regnamespace and c.relkind in ('v', 'm')
            union all
            select 'type', t.typname, (select string_agg(e.enumlabel, ' ') from pg_enum e where e.enumtypid = t.oid),
                   null, null, null
            from pg_type t
            where t.typnamespace = 'shop'::regnamespace and t.typtype = 'e'
            order by 1, 2
            """
        ).fetchall()


def test_another_argument_list_leaves_no_overload_behind(checkout: Checkout) -> None:
    checkout.write("shop/a", function("shop.a", "p_x", "p_x int"))
    checkout.write("shop/reader", function("shop.reader", "shop.a(p_x => 1)"))
    checkout.apply()
    checkout.write("shop/a", function("shop.a", "p_x + p_y", "p_x int, p_y int default 5"))
    done = checkout.apply()
    assert done.files == ("sql/shop/a.sql", "sql/shop/reader.sql")
    assert checkout.functions() == ["shop.a(integer,integer)", "shop.reader()"]
    assert checkout.one("select shop.reader()") == 6


def test_what_hung_on_it_is_applied_again_through_all_levels(checkout: Checkout) -> None:
    checkout.write("shop/a", "create or replace view shop.a as select title, price from shop.book;")
    checkout.write("shop/b", "create or replace view shop.b as select title from shop.a;")
    checkout.write("shop/c", "create or replace view shop.c as select count(*) as n from shop.b;")
    checkout.write(
        "shop/late",
        "create or replace function shop.late() returns bigint language plpgsql stable "
        "as $$ begin return (select n from shop.c); end $$;",
    )
    checkout.apply()
    checkout.write("shop/a", "create or replace view shop.a as select price, title, 1 as new from shop.book;")
    assert set(checkout.apply().files) == {"sql/shop/a.sql", "sql/shop/b.sql", "sql/shop/c.sql"}
    assert checkout.one("select shop.late()") == 0
    assert checkout.apply() == definitions.ApplyResult((), ())


def test_triggers_come_and_go_with_their_file(checkout: Checkout) -> None:
    body = (
        "create or replace function shop.guard() returns trigger language plpgsql "
        "as $$ begin raise exception 'no'; end $$;"
    )
    trigger = (
        "create or replace trigger book_is_guarded before insert on shop.book "
        "for each row execute function shop.guard();"
    )
    checkout.write("shop/guard", body + trigger)
    checkout.apply()
    with pytest.raises(psycopg.errors.RaiseException):
        checkout.run("insert into shop.book values ('x', 1)")
    checkout.write("shop/guard", body)
    checkout.apply()
    checkout.run("insert into shop.book values ('x', 1)")
    checkout.remove("shop/guard")
    assert checkout.apply().dropped == ("sql/shop/guard.sql",)
    assert checkout.functions() == []


def test_an_object_may_move_to_another_file(checkout: Checkout) -> None:
    checkout.write("shop/old", function("shop.a", "1"))
    checkout.write("shop/reader", function("shop.reader", "shop.a()"))
    checkout.apply()
    checkout.remove("shop/old")
    checkout.write("shop/a", function("shop.a", "1"))
    assert checkout.apply() == definitions.ApplyResult(("sql/shop/a.sql",), ("sql/shop/old.sql",))
    assert checkout.one("select shop.reader()") == 1


def materialized_view(value: int) -> str:
    return f"create materialized view shop.a as select {value} as x; create unique index a_is_unique on shop.a (x);"


def test_a_moved_file_keeps_its_materialized_view(checkout: Checkout) -> None:
    checkout.write("shop/a", materialized_view(1))
    checkout.apply()
    made = checkout.one("select 'shop.a'::regclass::oid")
    checkout.remove("shop/a")
    checkout.write("shop/shelf/a", materialized_view(1))
    assert checkout.apply() == definitions.ApplyResult((), ("sql/shop/a.sql",))
    assert checkout.one("select 'shop.a'::regclass::oid") == made
    assert checkout.apply() == definitions.ApplyResult((), ())


def test_a_file_that_moved_and_changed_makes_its_materialized_view_anew(checkout: Checkout) -> None:
    checkout.write("shop/a", materialized_view(1))
    checkout.apply()
    checkout.remove("shop/a")
    checkout.write("shop/shelf/a", materialized_view(2))
    assert checkout.apply() == definitions.ApplyResult(("sql/shop/shelf/a.sql",), ("sql/shop/a.sql",))
    assert checkout.one("select x from shop.a") == 2


def test_a_broken_file_is_named_with_its_line_and_nothing_changes(checkout: Checkout) -> None:
    checkout.write("shop/a", function("shop.a", "1"))
    checkout.apply()
    checkout.write("shop/a", function("shop.a", "2"))
    checkout.write("shop/b", "-- fine so far\n\ncreate or replace view shop.b as\nselect wrong from shop.book;")
    with pytest.raises(Fault) as caught:
        checkout.apply()
    assert str(caught.value) == 'sql/shop/b.sql: line 4: column "wrong" does not exist'
    assert caught.value.exit_code == 1
    assert checkout.one("select shop.a()") == 1


def test_the_cause_is_named_before_its_consequences(checkout: Checkout) -> None:
    checkout.write("shop/a", function("shop.a", "shop.z()"))
    checkout.write("shop/z", function("shop.z", "no_such_thing()"))
    with pytest.raises(
        Fault,
        match=r"^sql/shop/z\.sql: line 1: function no_such_thing\(\) does not exist .*1 more failed: sql/shop/a\.sql$",
    ):
        checkout.apply()


def test_a_server_that_goes_away_is_told_once_and_nothing_changes(checkout: Checkout) -> None:
    checkout.write("shop/a", "set role none; select pg_terminate_backend(pg_backend_pid());")
    checkout.write("shop/b", function("shop.b", "1"))
    with pytest.raises(Fault, match=r"^sql/shop/a\.sql: PostgreSQL went away, see its log: terminating connection"):
        checkout.apply()
    assert checkout.functions() == []


def test_a_file_that_needs_what_is_gone_is_named(checkout: Checkout) -> None:
    checkout.write("shop/a", function("shop.a", "1"))
    checkout.write("shop/b", function("shop.b", "shop.a()"))
    checkout.apply()
    checkout.remove("shop/a")
    with pytest.raises(Fault, match=r"^sql/shop/b\.sql needs what sql/shop/a\.sql defined, which is gone$"):
        checkout.apply()
    assert checkout.one("select shop.b()") == 1


@pytest.mark.parametrize(
    ("dependent", "named"),
    [
        (
            "alter table shop.book add constraint book_price_is_fair check (shop.fair(price) > 0)",
            "constraint book_price_is_fair",
        ),
        ("alter table shop.book add rank int default shop.fair(1)", "column rank of shop.book with its default"),
        ("create index book_fair_idx on shop.book (shop.fair(price))", "index shop.book_fair_idx"),
        (
            "alter table shop.book add fairness int generated always as (shop.fair(price)) stored",
            "column fairness of shop.book",
        ),
    ],
)
def test_stored_things_are_never_swept_away(checkout: Checkout, dependent: str, named: str) -> None:
    fair = "create or replace function shop.fair(p_price int) returns {} language sql immutable return p_price;"
    checkout.write("shop/fair", fair.format("int"))
    checkout.apply()
    checkout.run(dependent)
    checkout.write("shop/fair", fair.format("bigint"))
    with pytest.raises(
        Fault,
        match=rf"^sql/shop/fair\.sql replaces function .*, on which {named}.* depends; change that in a migration",
    ):
        checkout.apply()
    checkout.remove("shop/fair")
    with pytest.raises(Fault, match=named):
        checkout.apply()
    assert checkout.one("select count(*) from shop.book") == 0


def test_what_a_migration_swept_away_comes_back(checkout: Checkout) -> None:
    checkout.write("shop/a", "create or replace view shop.a as select title, price from shop.book;")
    checkout.write("shop/b", function("shop.b", "1"))
    checkout.apply()
    checkout.run("drop view shop.a; alter table shop.book alter price type bigint")
    with connect_to(checkout.url, role="shokti_owner") as connection:
        assert definitions.changed_files(connection, checkout.folder) == ["sql/shop/a.sql"]
    assert checkout.apply().files == ("sql/shop/a.sql",)


def test_a_reader_in_the_way_is_waited_for_and_named(checkout: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
    checkout.write("shop/a", "create or replace view shop.a as select title from shop.book;")
    checkout.apply()
    checkout.write("shop/a", "create or replace view shop.a as select title, price from shop.book;")
    monkeypatch.setattr(locks, "PAUSES", (0.0,))
    monkeypatch.setattr(definitions, "LOCK_TIMEOUT", "500ms")
    with connect_to(checkout.url, role="shokti_owner", autocommit=False, application_name="report") as reader:
        reader.execute("select 'Rahima' from shop.a")
        told: list[str] = []
        held = rf"shop\.a is held by process {reader.info.backend_pid} \(report\) since 20\d\d-.*Z; wait until"
        with pytest.raises(Fault, match=rf"^sql/ was not applied, nothing was changed: {held}"):
            definitions.apply(checkout.url, checkout.folder, told.append)
        assert re.search(held, told[0])
        assert "Rahima" not in told[0]
        told.clear()

        def leaves(what: str) -> None:
            told.append(what)
            reader.rollback()

        assert definitions.apply(checkout.url, checkout.folder, leaves).files == ("sql/shop/a.sql",)
        assert [what.partition(" ")[0] for what in told] == ["again", "sql/shop/a.sql"]


def test_grants_follow_without_a_word_in_the_file(checkout: Checkout) -> None:
    checkout.write("shop/f", function("shop.f", "1"))
    checkout.write("api/f", function("api.f", "1"))
    checkout.write("jobs/f", function("jobs.f", "1"))
    checkout.write("analytics/v", "create or replace view analytics.v as select shop.f() as x;")
    checkout.apply()
    rights = (
        "select string_agg(r || ' ' || f, ', ' order by r, f)"
        " from unnest(array['shokti_app', 'shokti_worker', 'shokti_analyst', 'public']) r,"
        " unnest(array['shop.f()', 'api.f()', 'jobs.f()']) f where has_function_privilege(r, f, 'execute')"
    )
    assert checkout.one(rights) == "shokti_analyst shop.f(), shokti_app api.f(), shokti_worker jobs.f()"
    with connect_to(checkout.url, role="shokti_analyst") as analyst:
        assert analyst.execute("select x from analytics.v").fetchone() == (1,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            analyst.execute("select shop.f()")
    # A function that is created again gets the same privileges.
    checkout.write("api/f", function("api.f", "1::bigint", returns="bigint"))
    checkout.apply()
    assert checkout.one(rights) == "shokti_analyst shop.f(), shokti_app api.f(), shokti_worker jobs.f()"


def test_the_fingerprint_follows_every_byte(checkout: Checkout) -> None:
    checkout.write("shop/a", function("shop.a", "1"))
    first = definitions.fingerprint(checkout.folder)
    checkout.write("shop/a", function("shop.a", "2"))
    assert definitions.fingerprint(checkout.folder) != first
