"""db/schema.sql: a fresh database as pg_dump sees it, so that the effect of every change is a diff in review."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import psycopg

from db.fault import Fault
from db.migration import HERE
from db.server import LOGIN, TestServer, binaries, server_account
from db.upkeep import bring_up_to_date

FILE = HERE / "schema.sql"

HEADER = """\
-- A fresh database, written by `make schema`; never edited by hand. Where things come from: db/migrations and sql/.
"""

# Differs from run to run or from release to release, and says nothing about us.
NOISE = re.compile(
    r"^(\\(un)?restrict .*|-- Dumped .*|--|-- PostgreSQL database dump( complete)?"
    r"|SET .*|SELECT pg_catalog.set_config.*)$"
)


def dump(url: str) -> str:
    """The structure of a database, without owners, without db/'s own bookkeeping, normalised."""
    program = binaries(server_account()) / "pg_dump"
    done = subprocess.run(
        [str(program), "--schema-only", "--no-owner", "--exclude-schema", "deploy", url],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise Fault(f"pg_dump: {done.stderr.strip().splitlines()[-1]}", exit_code=1)
    lines = [line.rstrip() for line in done.stdout.splitlines() if not NOISE.match(line)]
    return HEADER + re.sub(r"\n{3,}", "\n\n", "\n".join(["", *lines])).rstrip() + "\n"


def dump_fresh() -> str:
    """The structure that this checkout makes, from a throw-away server."""
    with TestServer(name="schema") as server:
        with psycopg.connect(server.superuser_url, autocommit=True) as maintenance:
            maintenance.execute(f"create database fresh owner {LOGIN}")
        bring_up_to_date(server.url("fresh"))
        return dump(server.url("fresh"))


def write(path: Path = FILE) -> bool:
    """Writes the file; False if it was fresh."""
    text = dump_fresh()
    if path.exists() and path.read_text() == text:
        return False
    path.write_text(text)
    return True
