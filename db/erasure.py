"""Erasures survive a restore: they are exported apart from the database and repeated in a restored one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from db.connection import Connection
from db.fault import Fault


def list_erasures(connection: Connection) -> list[dict[str, str]]:
    """`{"user_id", "erased_at"}` of every erased person, in order of time; `connection` acts as shokti_worker."""
    found: list[dict[str, str]] = _call(connection, "select jobs.erasures()")["erasures"]
    return found


def erase_again(connection: Connection, lines: str) -> tuple[int, list[str]]:
    """Repeats erasures. Returns how many people were erased, and the ids of workers with a booking under way, who were not.

    `lines`: JSON objects as `list_erasures` returns them, one a line. A Fault names the first malformed line.
    """
    erasures: list[Any] = []
    for number, line in enumerate(lines.splitlines(), 1):
        if line.strip():
            try:
                erasure = json.loads(line)
                erasures.append({"user_id": erasure["user_id"]})
            except (ValueError, KeyError, TypeError):
                raise Fault(f'line {number} is not an erasure: expected {{"user_id": …, "erased_at": …}}') from None
    answer = _call(connection, "select jobs.repeat_erasures(p_erasures => %s::jsonb)", json.dumps(erasures))
    return answer["erased"], answer["not_erased"]


def read_erasures(file: Path) -> str:
    """The text of an exported file; a Fault if it cannot be read."""
    try:
        return file.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise Fault(f"{file} cannot be read: {getattr(error, 'strerror', None) or 'not UTF-8'}") from None


def _call(connection: Connection, statement: str, *arguments: Any) -> dict[str, Any]:
    row = connection.execute(statement.encode(), arguments).fetchone()
    assert row is not None
    answer: dict[str, Any] = row[0]
    return answer
