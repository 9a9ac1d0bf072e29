"""Calls of the text functions."""

from typing import Any

from db.connection import Connection


def one(db: Connection, call: str, *arguments: Any) -> Any:
    """The value of one call, as in `one(db, "text.sentences(%s)", text)`."""
    row = db.execute(f"select {call}", arguments).fetchone()
    assert row is not None
    return row[0]


def faults(
    db: Connection,
    subject: str | None,
    body: str | None,
    add_on_line: str | None = None,
    *,
    kind: str | None = "reminder",
    language: str | None = "bn",
    channel: str | None = "email",
) -> set[str]:
    """The faults of a text by text.faults_on_channel."""
    found = one(
        db, "text.faults_on_channel(%s, %s, %s, %s, %s, %s)", kind, language, channel, subject, body, add_on_line
    )
    assert len(found) == len(set(found))
    return set(found)
