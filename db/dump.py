"""db/schema.sql: the structure of a fresh database by pg_dump, so that the effect of a migration is a diff.

It has what sql/ does not: schemas, tables, types, constraints, indexes, triggers and grants. Functions and views are
left out, as sql/ holds their text.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from db.embedded.account import server_account
from db.embedded.binaries import binaries
from db.embedded.server import LOGIN
from db.embedded.temporary import TemporaryServer
from db.fault import Fault
from db.provision import bring_up_to_date
from db.settings import DB

FILE = DB / "schema.sql"

HEADER = """\
-- The structure of a fresh database, written by `make schema`; never edited by hand. Functions and views are in sql/.
"""

# Lines that differ between runs or between releases of PostgreSQL.
NOISE = re.compile(
    r"^(\\(un)?restrict .*|-- Dumped .*|--|-- PostgreSQL database dump( complete)?"
    r"|SET .*|SELECT pg_catalog.set_config.*|-- Name: FUNCTION .*; Type: ACL;.*"
    r"|REVOKE ALL ON FUNCTION .* FROM PUBLIC;)$"
)

# A line of the archive's table of contents: kind, schema and name of an entry.
ENTRY = re.compile(r"^\d+; \d+ \d+ (?P<kind>(?:MATERIALIZED )?[A-Z]+) (?P<schema>\S+) (?P<name>.*)$")
COMMENTED = re.compile(r"^(?P<kind>(?:MATERIALIZED )?[A-Z]+) (?P<name>[^. ]+)")


def dump_schema(url: str, *, whole: bool = False) -> str:
    """The structure of a database, without owners and without schema deploy, normalized.

    `whole` adds functions and views, for a full comparison of two databases.
    """
    programs = binaries(server_account())
    with tempfile.NamedTemporaryFile(suffix=".dump") as archive, tempfile.NamedTemporaryFile("w") as chosen:
        given = ["--schema-only", "--no-owner", "--exclude-schema", "deploy"]
        _run([programs / "pg_dump", "--format=custom", *given, "--file", archive.name, url])
        contents = _run([programs / "pg_restore", "--list", archive.name])
        chosen.write(contents if whole else "\n".join(_not_in_sql(contents.splitlines())))
        chosen.flush()
        text = _run([programs / "pg_restore", "--no-owner", "--file=-", f"--use-list={chosen.name}", archive.name])
    lines = [line.rstrip() for line in text.splitlines() if not NOISE.match(line)]
    return HEADER + re.sub(r"\n{3,}", "\n\n", "\n".join(["", *lines])).rstrip() + "\n"


def _not_in_sql(contents: list[str]) -> list[str]:
    """The entries of an archive that are not made by files of sql/."""
    made = {"FUNCTION", "PROCEDURE", "VIEW", "MATERIALIZED VIEW"}
    entries = [(line, entry) for line in contents if (entry := ENTRY.match(line))]
    views = {(entry["schema"], entry["name"].split()[0]) for _, entry in entries if entry["kind"].endswith("VIEW")}

    def is_in_sql(entry: re.Match[str]) -> bool:
        if entry["kind"] == "COMMENT" and (thing := COMMENTED.match(entry["name"])):
            return thing["kind"] in made or (thing["kind"] == "COLUMN" and (entry["schema"], thing["name"]) in views)
        return entry["kind"] in made

    return [line for line, entry in entries if not is_in_sql(entry)]


def _run(command: list[object]) -> str:
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Fault(f"{Path(str(command[0])).name}: {done.stderr.strip().splitlines()[-1]}", exit_code=1)
    return done.stdout


@contextmanager
def fresh_database() -> Iterator[str]:
    """The address of a database as this checkout makes it, on a temporary server."""
    with TemporaryServer(name="schema") as server:
        with psycopg.connect(server.superuser_url, autocommit=True) as maintenance:
            maintenance.execute(f"create database fresh owner {LOGIN}")
        bring_up_to_date(server.url("fresh"))
        yield server.url("fresh")


def write_schema(url: str, path: Path = FILE) -> bool:
    """Writes the file from a fresh database. False if it was fresh."""
    text = dump_schema(url)
    if path.exists() and path.read_text() == text:
        return False
    path.write_text(text)
    return True
