"""The database that the files make: the dump is fresh, a second apply does nothing, files keep to the rules."""

import os
import re
from pathlib import Path

from db import definitions, dump, map
from db.connection import Connection
from db.settings import ROOT

FILES = definitions.read_files()


def test_schema_sql_is_fresh(database_url: str) -> None:
    assert dump.FILE.read_text() == dump.dump_schema(database_url), "run: make schema"


def test_the_map_is_fresh(template_connection: Connection) -> None:
    assert map.FILE.read_text() == map.map_text(template_connection), "run: make schema"


def test_applying_twice_changes_nothing(database_url: str, db: Connection) -> None:
    stamps = (
        "select p.oid, p.xmin::text, p.proacl::text from pg_proc p "
        "join pg_namespace n on n.oid = p.pronamespace where n.nspname in ('api', 'jobs', 'outreach') order by 1"
    )
    before = db.execute(stamps).fetchall()
    assert definitions.apply(database_url) == definitions.ApplyResult((), ())
    assert db.execute(stamps).fetchall() == before


def test_applying_everything_again_gives_the_same_dump(database_url: str, db: Connection) -> None:
    before = dump.dump_schema(database_url, whole=True)
    db.execute("update deploy.definition set sha256 = 'forgotten'")
    assert sorted(definitions.apply(database_url).files) == sorted(FILES)
    assert dump.dump_schema(database_url, whole=True) == before


def test_each_file_defines_the_object_it_is_named_after(template_connection: Connection) -> None:
    """One object per file, with its triggers and comments. A file of triggers alone is named after one of them."""
    rows = template_connection.execute("select file, objects from deploy.definition where file like 'sql/%'").fetchall()
    wrong = {}
    for file, objects in rows:
        named = definitions.object_name(file)
        made = {
            re.split(r"[ (]", thing.removeprefix("materialized "))[1].replace('"', "")
            for thing in objects
            if not thing.startswith("trigger ")
        }
        triggers = {f"{named.split('.')[0]}.{thing.split()[1]}" for thing in objects if thing.startswith("trigger ")}
        if made != {named} and not (not made and named in triggers):
            wrong[file] = made
    assert wrong == {}


def test_no_file_of_sql_is_left_out(template_connection: Connection) -> None:
    """A file that the apply does not see is a file whose objects it drops."""
    recorded = template_connection.execute("select file from deploy.definition where file like 'sql/%'").fetchall()
    on_disk = {
        (Path(folder) / name).relative_to(ROOT).as_posix()
        for folder, _, names in os.walk(ROOT / "sql")
        for name in names
        if name.endswith(".sql")
    }
    assert on_disk == {file for (file,) in recorded}


# pgqueuer's own statements, the texts of messages, and a regular expression of the loader.
LONG_LINES = re.compile(r"0002\.pgqueuer|house-texts|^db/load/")


def test_no_line_of_sql_is_longer_than_132() -> None:
    files = [*ROOT.glob("sql/**/*.sql"), *ROOT.glob("db/**/*.sql"), *ROOT.glob("tests/**/*.sql")]
    names = {path.relative_to(ROOT).as_posix(): path for path in files if path.name != "schema.sql"}
    long = [
        f"{name}:{number}"
        for name, path in sorted(names.items())
        if not LONG_LINES.search(name)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) > 132
    ]
    assert long == []


def test_every_function_says_its_volatility_and_parallel_safety() -> None:
    silent = [
        file
        for file, path in FILES.items()
        if re.search(r"create or replace function", text := path.read_text())
        and "returns trigger" not in text
        and not (
            re.search(r"\b(immutable|stable|volatile)\b", text)
            and re.search(r"\bparallel (safe|restricted|unsafe)\b", text)
        )
    ]
    assert silent == []


def test_names_in_sql_are_qualified_with_a_schema_that_exists(template_connection: Connection) -> None:
    schemas = {name for (name,) in template_connection.execute("select nspname from pg_namespace").fetchall()}
    assert {file.split("/")[1] for file in FILES} <= schemas
