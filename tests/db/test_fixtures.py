"""The fixtures: every test has a database of its own, and a clock."""

from datetime import UTC, datetime

import pytest

from db.connection import Connection
from tests.conftest import Clock, Connect


@pytest.mark.parametrize("turn", [1, 2])
def test_nothing_of_one_test_is_seen_by_the_next(db: Connection, turn: int) -> None:
    db.execute("create table public.trace (turn int)")


def test_the_clock_stands_still_until_moved(clock: Clock, connect: Connect) -> None:
    other = connect(role=None)
    clock.set("2026-01-02T03:04:05+06:00")
    assert clock.now() == datetime(2026, 1, 1, 21, 4, 5, tzinfo=UTC)
    clock.advance(hours=1)
    assert other.execute("select clock.now()").fetchone() == (datetime(2026, 1, 1, 22, 4, 5, tzinfo=UTC),)
