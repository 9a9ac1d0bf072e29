"""Logs: one JSON object a line, without the values of errors."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
import structlog

from db import log
from db.connection import Connection

ADDRESS = "rahima@example.com"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """The log of this process; the former set-up is restored at the end."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    log.configure("INFO", "test 1", stream)
    yield stream
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)


def failure(db: Connection, statement: str) -> psycopg.Error:
    with pytest.raises(psycopg.Error) as caught:
        db.execute(statement)
    return caught.value


REFUSED = [
    pytest.param(f"select '{ADDRESS}'::int", "22P02", None, id="the message quotes a value"),
    pytest.param(
        f"insert into account.contact (user_id, channel, address) values (gen_random_uuid(), 'email', '{ADDRESS}')",
        "23503",
        None,
        id="the detail quotes a row",
    ),
    pytest.param(
        f"do $$ begin raise 'not again' using errcode = 'SH409', detail = '{ADDRESS}'; end $$",
        "SH409",
        "not again",
        id="the message is our own",
    ),
]


@pytest.mark.parametrize(("statement", "sqlstate", "sentence"), REFUSED)
def test_an_error_is_told_without_its_values(
    db: Connection, statement: str, sqlstate: str, sentence: str | None
) -> None:
    error = failure(db, statement)
    fields = log.error_fields(error)
    assert (fields["sqlstate"], fields["sentence"]) == (sqlstate, sentence)
    text = log.error_text(error)
    assert sqlstate in text
    assert text.startswith(f"{type(error).__name__} {sqlstate}")
    assert (f"({sentence})" if sentence else "") in text
    assert "tests/db/test_log.py:" in text
    assert ADDRESS not in text + json.dumps(fields)


def test_lines_of_libraries_look_like_our_own_and_lose_their_errors(lines: io.StringIO, db: Connection) -> None:
    with structlog.contextvars.bound_contextvars(job_id=7):
        structlog.get_logger().warning("ours", channel="email")
        try:
            raise ValueError(ADDRESS)
        except ValueError:
            logging.getLogger("library").exception("theirs")
    logging.getLogger("httpx2").info("GET https://example.com")
    logging.getLogger("psycopg.pool").warning("error connecting")
    ours, theirs = (json.loads(line) for line in lines.getvalue().splitlines())
    common: dict[str, Any] = {"process": "test 1", "job_id": 7}
    assert {**common, "event": "ours", "level": "warning", "channel": "email"}.items() <= ours.items()
    assert {**common, "event": "theirs", "level": "error"}.items() <= theirs.items()
    assert theirs["error"].startswith("ValueError at tests/db/test_log.py:")
    assert ADDRESS not in lines.getvalue()
