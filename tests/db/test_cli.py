"""The commands of `python -m db` on a server named by DATABASE_URL."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from db.settings import ROOT


def run(url: str, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "db", *command],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_empty_database_is_brought_up_once(empty_url: str) -> None:
    assert "none applied yet" in run(empty_url, "status").stdout
    early = run(empty_url, "apply")
    assert (early.returncode, early.stdout) == (2, "")
    assert early.stderr.endswith("run: python -m db up\n")
    first = run(empty_url, "up")
    assert (first.returncode, first.stderr) == (0, "")
    again = run(empty_url, "up")
    assert (again.returncode, again.stdout) == (0, first.stdout)
    assert run(empty_url, "migrate").stdout == "no migration pending\n"
    assert run(empty_url, "apply").stdout == "nothing changed in sql/\n"
    status = run(empty_url, "status").stdout
    assert "at head" in status
    assert "real" in status
    assert "empty" in status


def test_status_tells_what_is_changed_pending_and_simulated(database_url: str, db: object, clock: object) -> None:
    import psycopg

    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("set role shokti_owner")
        connection.execute("update deploy.definition set sha256 = '' where file = 'sql/clock/now.sql'")
        connection.execute("select queue.enqueue(p_entrypoint => 'sweep', p_payload => '{}')")
    status = run(database_url, "status").stdout
    assert "1 changed: sql/clock/now.sql" in status
    assert "simulated, now 2026-11-23 04:00:00" in status
    assert "1 queued" in status


def test_psql_gets_its_own_arguments(database_url: str) -> None:
    done = run(database_url, "psql", "-AtX", "-c", "select 6 * 7")
    assert (done.returncode, done.stdout) == (0, "42\n")


def test_what_is_not_ours_is_not_stopped(database_url: str) -> None:
    done = run(database_url, "down", "--remove")
    assert (done.returncode, done.stdout) == (0, "DATABASE_URL is set: nothing embedded is touched\n")


def test_no_password_is_printed(database_url: str) -> None:
    with_password = database_url.replace("shokti@", "shokti:hunter2secret@")
    for command in ("up", "status"):
        done = run(with_password, command)
        assert done.returncode == 0
        assert "hunter2secret" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    "command", ["up", "down", "url", "migrate", "apply", "status", "psql", "load", "demo", "schema"]
)
def test_every_command_explains_itself(command: str) -> None:
    done = run("", command, "--help")
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) > 3
