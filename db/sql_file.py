"""Files of SQL: the hash of their bytes, and where in them PostgreSQL found an error."""

from __future__ import annotations

import hashlib
from pathlib import Path

import psycopg


def content_hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def error_line(error: psycopg.Error, text: str) -> str:
    """PostgreSQL's message in one line, with the line of `text` that it points at, its detail and its hint."""
    diag = error.diag
    message = diag.message_primary or " ".join(str(error).split())
    if diag.statement_position:
        message = f"line {text[: int(diag.statement_position) - 1].count(chr(10)) + 1}: {message}"
    for extra in (diag.message_detail, diag.message_hint):
        if extra:
            message += f" ({' '.join(extra.split())})"
    return message
