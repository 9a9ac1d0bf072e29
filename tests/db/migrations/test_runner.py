"""Migrations: each is applied entirely or not at all, and applied files never change."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from db import connect as connect_to
from db import locks, roles
from db.fault import EXIT_CONFIGURATION, Fault
from db.migrations import runner
from db.settings import DB


@pytest.fixture
def url(empty_url: str) -> str:
    roles.ensure_roles(empty_url)
    return empty_url


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, "0001.shelf", "create schema shop;\ncreate table shop.shelf (x int);")
    return tmp_path


def write(folder: Path, name: str, text: str) -> None:
    (folder / f"{name}.sql").write_text(text)


def tables(url: str) -> list[str]:
    with connect_to(url) as connection:
        rows = connection.execute(
            "select relname from pg_class where relnamespace = to_regnamespace('shop') order by 1"
        )
        return [name for (name,) in rows.fetchall()]


def test_they_run_once_in_the_order_of_their_dependencies(url: str, folder: Path) -> None:
    write(folder, "0002.a-late-one", "-- depends: 0003.earlier\ninsert into shop.book values (1);")
    write(folder, "0003.earlier", "-- depends: 0001.shelf\ncreate table shop.book (x int);")
    told: list[str] = []
    assert runner.migrate(url, folder, told.append) == ["0001.shelf", "0003.earlier", "0002.a-late-one"]
    assert told == ["0001.shelf", "0003.earlier", "0002.a-late-one"]
    assert runner.migrate(url, folder) == []


def test_everything_belongs_to_the_owner_and_bookkeeping_lies_in_deploy(url: str, folder: Path) -> None:
    runner.migrate(url, folder)
    with connect_to(url) as connection:
        owners = connection.execute(
            "select distinct tableowner from pg_tables where schemaname in ('shop', 'deploy')"
        ).fetchall()
        public = connection.execute(
            "select relname from pg_class where relnamespace = 'public'::regnamespace"
        ).fetchall()
        noted = connection.execute("select migration_id from deploy._yoyo_migration").fetchall()
    assert (owners, public, noted) == ([("shokti_owner",)], [], [("0001.shelf",)])


def test_a_failing_file_changes_nothing_and_is_named(url: str, folder: Path) -> None:
    write(
        folder,
        "0002.broken",
        "-- depends: 0001.shelf\ncreate table shop.half (x int);\n\ninsert into shop.half\nvalues ('seven');",
    )
    write(folder, "0003.after", "-- depends: 0002.broken\ncreate table shop.after (x int);")
    with pytest.raises(Fault) as caught:
        runner.migrate(url, folder)
    assert str(caught.value) == (
        "db/migrations/0002.broken.sql failed, nothing of it was kept: "
        'line 5: invalid input syntax for type integer: "seven"'
    )
    assert caught.value.exit_code == 1
    assert tables(url) == ["shelf"]
    # The corrected file is applied: it never was before, so it may be edited.
    write(folder, "0002.broken", "-- depends: 0001.shelf\ncreate table shop.half (x int);")
    assert runner.migrate(url, folder) == ["0002.broken", "0003.after"]


def test_a_process_that_dies_in_the_middle_leaves_nothing(url: str, folder: Path) -> None:
    write(folder, "0002.long", "-- depends: 0001.shelf\ncreate table shop.half (x int); select pg_sleep(60);")
    failed: list[Fault] = []

    def run() -> None:
        try:
            runner.migrate(url, folder)
        except Fault as fault:
            failed.append(fault)

    running = threading.Thread(target=run)
    running.start()
    with connect_to(url) as watching:
        asleep = (
            "from pg_stat_activity where application_name = 'shokti-migrate' "
            "and query like '%pg_sleep%' and wait_event = 'PgSleep'"
        )
        while watching.execute(f"select 1 {asleep}").fetchone() is None:
            pass
        watching.execute(f"select pg_terminate_backend(pid) {asleep}")
    running.join()
    assert "0002.long.sql failed, nothing of it was kept" in str(failed[0])
    assert tables(url) == ["shelf"]
    write(folder, "0002.long", "-- depends: 0001.shelf\ncreate table shop.half (x int);")
    assert runner.migrate(url, folder) == ["0002.long"]


def test_an_applied_file_may_not_change_nor_go(url: str, folder: Path) -> None:
    runner.migrate(url, folder)
    original = (folder / "0001.shelf.sql").read_text()
    write(folder, "0001.shelf", original + " ")
    write(folder, "0002.next", "-- depends: 0001.shelf\ncreate table shop.next (x int);")
    with pytest.raises(Fault, match=r"db/migrations/0001\.shelf\.sql was changed after it was applied here"):
        runner.migrate(url, folder)
    write(folder, "0001.shelf", original)
    runner.migrate(url, folder)
    (folder / "0002.next.sql").unlink()
    with pytest.raises(Fault, match=r"db/migrations/0002\.next\.sql was applied here but is gone"):
        runner.migrate(url, folder)
    assert tables(url) == ["next", "shelf"]


@pytest.mark.parametrize("kept", [[], ["0001.shelf", "0002.next"]], ids=["no name kept", "a file and a name kept"])
def test_a_database_made_before_the_migrations_began_anew_is_refused(url: str, folder: Path, kept: list[str]) -> None:
    write(folder, "0002.next", "-- depends: 0001.shelf\ncreate table shop.next (x int);")
    write(folder, "0003.more", "-- depends: 0002.next\ncreate table shop.more (x int);")
    runner.migrate(url, folder)
    for file in folder.iterdir():
        if file.stem not in kept:
            file.unlink()
    write(folder, "0001.shelf" if kept else "0001.rooms", "create schema shop;")
    with pytest.raises(Fault, match=r"made before 1\.0\.0 .*: make clean$") as refusal:
        runner.migrate(url, folder)
    assert refusal.value.exit_code == EXIT_CONFIGURATION
    assert tables(url) == ["more", "next", "shelf"]


def test_a_dependency_that_is_not_there_is_named(url: str, folder: Path) -> None:
    write(folder, "0002.lost", "-- depends: 0009.nowhere\nselect 1;")
    with pytest.raises(Fault, match=r"0002\.lost\.sql depends on 0009\.nowhere, which is not there"):
        runner.migrate(url, folder)
    assert tables(url) == []


def test_two_that_start_together_apply_each_file_once(url: str, folder: Path) -> None:
    write(folder, "0002.count", "-- depends: 0001.shelf\ninsert into shop.shelf values (1); select pg_sleep(0.2);")
    with ThreadPoolExecutor(2) as together:
        done = list(together.map(lambda _: runner.migrate(url, folder), range(2)))
    assert sorted(map(len, done)) == [0, 2]
    with connect_to(url) as connection:
        assert connection.execute("select count(*) from shop.shelf").fetchone() == (1,)


def test_another_that_changes_the_structure_is_named(url: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "STRUCTURE_TIMEOUT", "50ms")
    with locks.structure_lock(url, "shokti-apply") as other:
        held = rf"it is held by process {other.info.backend_pid} \(shokti-apply\) since 20\d\d-.*Z; try later"
        with pytest.raises(Fault, match=rf"changing this database's structure for 50ms: {held}"):
            runner.migrate(url, folder)
    assert runner.migrate(url, folder)


def test_it_waits_for_nobody_for_long(url: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    runner.migrate(url, folder)
    write(
        folder,
        "0002.blocked",
        "-- depends: 0001.shelf\nset local lock_timeout = '500ms'; alter table shop.shelf add y int;",
    )
    monkeypatch.setattr(locks, "PAUSES", (0.0,))
    told: list[str] = []
    with connect_to(url, autocommit=False, application_name="report") as reader:
        reader.execute("select 'Rahima' from shop.shelf")
        held = rf"shop\.shelf is held by process {reader.info.backend_pid} \(report\) since 20\d\d-.*Z; "
        with pytest.raises(Fault, match=rf"0002\.blocked\.sql failed, .*: .*lock timeout; {held}") as refusal:
            runner.migrate(url, folder, told.append)
    assert "Rahima" not in str(refusal.value)
    assert [bool(re.search(rf"again in 0 s: {held}", one)) for one in told] == [False, True]
    assert runner.migrate(url, folder) == ["0002.blocked"]


def test_it_tries_again_until_who_was_in_the_way_has_gone(
    url: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner.migrate(url, folder)
    write(
        folder,
        "0002.blocked",
        "-- depends: 0001.shelf\nset local lock_timeout = '50ms'; alter table shop.shelf add y int;",
    )
    monkeypatch.setattr(locks, "PAUSES", (0.0,))
    with connect_to(url, autocommit=False) as reader:
        reader.execute("select from shop.shelf")

        def leaves(what: str) -> None:
            if what.startswith("again"):
                reader.rollback()

        assert runner.migrate(url, folder, leaves) == ["0002.blocked"]


def test_bodies_with_semicolons_and_colons_reach_the_server_whole(url: str, folder: Path) -> None:
    write(
        folder,
        "0002.body",
        "-- depends: 0001.shelf\n"
        "create function shop.f(p_x int) returns text language sql begin atomic select 1; select p_x::text; end;\n"
        "create function shop.g() returns int language plpgsql as $$ begin perform 1; /* :x %s */ return 2; end $$;",
    )
    runner.migrate(url, folder)
    with connect_to(url) as connection:
        assert connection.execute("select shop.f(7), shop.g()").fetchone() == ("7", 2)


def test_roles_can_be_made_again_and_by_two_at_once(server_urls: list[str]) -> None:
    with ThreadPoolExecutor(2) as together:
        assert list(together.map(roles.ensure_roles, server_urls)) == [True, True]
    assert roles.ensure_roles(server_urls[0]) is False
    with connect_to(server_urls[0]) as connection:
        connection.execute((DB / "roles.sql").read_text())


@pytest.fixture
def server_urls(empty_url: str) -> Iterator[list[str]]:
    """Two databases of one server."""
    name = empty_url.split("/")[3].split("?")[0]
    with psycopg.connect(empty_url, autocommit=True) as connection:
        connection.execute(f"create database {name}_b")
        yield [empty_url, empty_url.replace(f"/{name}?", f"/{name}_b?")]
        connection.execute(f"drop database {name}_b with (force)")


def test_a_login_without_the_right_to_make_roles_is_told_so(empty_url: str) -> None:
    with psycopg.connect(empty_url, autocommit=True) as connection:
        connection.execute("drop role if exists plain_login")
        connection.execute("create role plain_login login")
    plain = empty_url.replace("shokti@", "plain_login@")
    with pytest.raises(Fault, match=r"db/roles.sql: .*needs a log-in with CREATEROLE"):
        roles.ensure_roles(plain)
