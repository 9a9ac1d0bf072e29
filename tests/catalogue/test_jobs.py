"""The queue and the worker agree: every job has a handler, every handler a job, every function of jobs a caller."""

from __future__ import annotations

import re
from typing import cast

import pytest

from db.connection import Connection, Pool
from db.keyring import Keyring
from db.settings import ROOT
from worker.handlers.parts import Parts
from worker.handlers.registry import entrypoints
from worker.jobs import Jobs
from worker.schedules import SCHEDULES

# A call that makes jobs, with the entrypoint where it is a literal; as pg_get_functiondef writes it.
ENQUEUE = re.compile(r"\bqueue\.enqueue(?:_many)?\s*\(\s*(?:p_entrypoint\s*=>\s*)?(?:'(\w+)')?")
# Entrypoints of these come from their callers.
PASSED_ON = {"jobs.enqueue"}
CALL = re.compile(r"\bselect jobs\.(\w+)\(")


@pytest.fixture(scope="module")
def functions(template_connection: Connection) -> dict[str, str]:
    """The definition of every function of ours, by its name."""
    rows = template_connection.execute(
        "select n.nspname || '.' || p.proname, pg_get_functiondef(p.oid)"
        " from pg_proc p join pg_namespace n on n.oid = p.pronamespace"
        " where n.nspowner = 'shokti_owner'::regrole and p.prokind in ('f', 'p')"
    ).fetchall()
    return dict(rows)


def test_the_entrypoints_of_jobs_are_those_of_handlers(functions: dict[str, str]) -> None:
    made = {
        (name, entrypoint)
        for name, definition in functions.items()
        for entrypoint in ENQUEUE.findall(definition.split("\n", 1)[1])
    }
    assert {name for name, entrypoint in made if not entrypoint} == PASSED_ON
    by_sql = {entrypoint for _, entrypoint in made if entrypoint}
    by_schedule = {schedule.entrypoint for schedule in SCHEDULES}
    assert by_sql
    nothing = Parts(Jobs(cast(Pool, None)), {}, None, "", Keyring([]))
    assert entrypoints(nothing).keys() == by_sql | by_schedule


def test_only_schema_queue_writes_jobs(functions: dict[str, str]) -> None:
    writing = {name for name, definition in functions.items() if "insert into queue.pgqueuer " in definition.lower()}
    assert writing
    assert {name.split(".")[0] for name in writing} == {"queue"}


def test_the_functions_of_jobs_are_those_that_python_calls(functions: dict[str, str]) -> None:
    called = {
        name
        for folder in ("worker", "db")
        for path in (ROOT / folder).rglob("*.py")
        for name in CALL.findall(path.read_text())
    }
    assert called == {name.removeprefix("jobs.") for name in functions if name.startswith("jobs.")}
