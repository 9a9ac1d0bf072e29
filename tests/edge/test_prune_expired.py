"""Stored answers and allowances: deleted when they no longer matter."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from psycopg import Connection

from tests.outbox import DAY, MICRO, NOW, value

Db = Connection[Any]


@pytest.mark.parametrize(
    "made",
    [
        "select edge.begin_idempotent_call(%(user)s, 'key', sha256('request'), %(at)s)::text",
        "select allowed from edge.consume_allowance('refresh', 'key', %(at)s)",
    ],
)
def test_rows_are_deleted_after_a_day(db: Db, made: str) -> None:
    db.execute(made, {"user": uuid4(), "at": NOW})
    assert value(db, "select edge.prune_expired(%s)", NOW + DAY) == 0
    assert value(db, "select edge.prune_expired(%s)", NOW + DAY + MICRO) == 1
    assert value(db, "select edge.prune_expired(%s)", NOW + DAY + MICRO) == 0
