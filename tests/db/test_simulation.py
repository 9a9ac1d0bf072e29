"""The simulated clock: the time in SQL, the time of jobs, and its complete removal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from db import definitions, dump, simulation
from db.connection import Connection
from db.fault import Fault
from tests.conftest import Clock, Connect
from tests.db.test_settings import SIGNING_KEY

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


def read(connection: Connection, expression: str) -> datetime:
    row = connection.execute(f"select {expression}").fetchone()
    assert row is not None
    instant: datetime = row[0]
    return instant


def test_time_runs_at_the_speed_asked_for(db: Connection) -> None:
    simulation.install(db)
    simulation.set_clock(db, NOON, speed=3600)
    # One second of real time is an hour; the row is moved back instead of waiting.
    db.execute("update clock.simulation set real_start = real_start - interval '2 seconds'")
    assert timedelta(hours=2) <= read(db, "clock.now()") - NOON < timedelta(hours=3)


def test_while_time_stands_still_what_is_due_runs_at_once_and_the_rest_never(db: Connection, clock: Clock) -> None:
    clock.set(NOON)
    due = "clock.wall_clock_at(clock.now() - interval '1 hour') = now(), clock.wall_clock_at(clock.now()) = now()"
    assert db.execute(f"select {due}").fetchone() == (True, True)
    assert read(db, "clock.wall_clock_at(clock.now() + interval '1 second')").year == 9000


def test_the_real_instant_of_a_simulated_one(db: Connection) -> None:
    simulation.install(db)
    simulation.set_clock(db, NOON, speed=60)
    start = read(db, "(select real_start from clock.simulation)")
    assert read(db, "clock.wall_clock_at('2026-01-02 13:00+00')") - start == timedelta(minutes=1)


def test_a_transaction_sees_one_instant(connect: Connect, db: Connection) -> None:
    simulation.install(db)
    simulation.set_clock(db, NOON, speed=1000)
    reading = connect(autocommit=False)
    assert read(reading, "clock.now()") == read(reading, "clock.now()")


def test_roles_without_rights_on_it_still_get_the_time(connect: Connect, clock: Clock) -> None:
    clock.set(NOON)
    worker = connect(role="shokti_worker")
    worker.execute("select jobs.sweep()")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        worker.execute("update clock.simulation set speed = 1")


def test_uninstalled_nothing_of_it_is_left(database_url: str, db: Connection) -> None:
    before = dump.dump_schema(database_url, whole=True)
    simulation.install(db)
    simulation.set_clock(db, NOON)
    assert simulation.is_installed(db)
    simulation.uninstall(db)
    simulation.uninstall(db)
    assert not simulation.is_installed(db)
    assert abs(simulation.simulated_now(db) - datetime.now(UTC)) < timedelta(minutes=1)
    assert dump.dump_schema(database_url, whole=True) == before


def test_an_apply_leaves_it_in_place(database_url: str, clock: Clock) -> None:
    clock.set(NOON)
    assert definitions.apply(database_url) == definitions.ApplyResult((), ())
    assert clock.now() == NOON


def test_production_refuses_it(db: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOKTI_ENV", "production")
    monkeypatch.setenv("DATABASE_URL", "postgresql://u@h/d")
    monkeypatch.setenv("SHOKTI_SECRET_KEYS", "k" * 32)
    monkeypatch.setenv("SHOKTI_SIGNING_KEYS", SIGNING_KEY)
    with pytest.raises(Fault, match="cannot be simulated"):
        simulation.install(db)
    assert not simulation.is_installed(db)


def test_an_instant_without_zone_is_refused(clock: Clock) -> None:
    with pytest.raises(ValueError, match="needs a zone"):
        clock.set("2026-01-02T12:00:00")
