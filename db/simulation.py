"""The simulated clock, for tests and the demo day: clock.now() follows a setting instead of the wall clock.

Every function takes a connection that acts as shokti_owner. Refused in production.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import psycopg

from db.definitions import SQL
from db.fault import Fault
from db.settings import DB, read_settings


def install(connection: psycopg.Connection[Any]) -> None:
    """Installs the simulated clock, which follows the real one until it is set."""
    if read_settings().shokti_env == "production":
        raise Fault("the clock of a production database cannot be simulated")
    with connection.transaction():
        connection.execute((DB / "simulation.sql").read_text())


def set_clock(connection: psycopg.Connection[Any], at: datetime, speed: float = 0) -> None:
    """Sets the time for later transactions; it then runs `speed` times as fast as real time (0: it stands still)."""
    if at.tzinfo is None:
        raise ValueError(f"an instant needs a zone: {at}")
    connection.execute(
        "update clock.simulation set sim_start = %s, real_start = clock_timestamp(), speed = %s", [at, speed]
    )


def simulated_now(connection: psycopg.Connection[Any]) -> datetime:
    """The time by clock.now()."""
    row = connection.execute("select clock.now()").fetchone()
    assert row is not None
    instant: datetime = row[0]
    return instant


def is_installed(connection: psycopg.Connection[Any]) -> bool:
    row = connection.execute("select to_regclass('clock.simulation') is not null").fetchone()
    return row is not None and bool(row[0])


def uninstall(connection: psycopg.Connection[Any]) -> None:
    """Restores the definitions of sql/clock."""
    if not is_installed(connection):
        return
    with connection.transaction():
        for path in sorted((SQL / "clock").rglob("*.sql")):
            connection.execute(path.read_text())
        connection.execute("drop table clock.simulation")
