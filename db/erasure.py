"""Erasures outlive a restore: they are written down apart from the database, and done again in a restored one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from db.connection import Connection
from db.fault import Fault


def erasures(connection: Connection) -> list[dict[str, str]]:
    """`{"user_id", "erased_at"}` of everybody who was erased, in that order; `connection` acts as shokti_worker."""
    found: list[dict[str, str]] = _asked(connection, "select jobs.erasures()")["erasures"]
    return found


def erase_again(connection: Connection, lines: str) -> tuple[int, list[str]]:
    """How many were erased once more, and who could not be: workers with a job under way.

    `lines`: JSON objects as `erasures` gives them, one a line. A Fault names the first line that is none.
    """
    told: list[Any] = []
    for number, line in enumerate(lines.splitlines(), 1):
        if line.strip():
            try:
                one = json.loads(line)
                told.append({"user_id": one["user_id"]})
            except (ValueError, KeyError, TypeError):
                raise Fault(f'line {number} is no erasure: expected {{"user_id": …, "erased_at": …}}') from None
    answer = _asked(connection, "select jobs.repeat_erasures(p_erasures => %s::jsonb)", json.dumps(told))
    return answer["erased"], answer["not_erased"]


def read(file: Path) -> str:
    """What was written down; a Fault where there is no such file."""
    try:
        return file.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise Fault(f"{file} cannot be read: {getattr(error, 'strerror', None) or 'not UTF-8'}") from None


def _asked(connection: Connection, statement: str, *arguments: Any) -> dict[str, Any]:
    row = connection.execute(statement.encode(), arguments).fetchone()
    assert row is not None
    answer: dict[str, Any] = row[0]
    return answer
