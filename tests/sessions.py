"""Signed-in people for tests of the functions in schema api: called as the edge calls them, by the role it has."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import Connection, sql
from psycopg.rows import tuple_row

_serial = count(1)

#: Every field of `api.change_me` as the edge sends it for somebody who leaves it out.
UNSET = dict.fromkeys(
    ("name", "language", "address_form", "greeting", "time_zone", "quiet_from", "quiet_until", "preferred_channel",
     "push_token"),
    "",
)  # fmt: skip


def sign_in(db: Connection[Any], user_id: UUID) -> UUID:
    """A live session of a person; what a verified code would open."""
    token = hashlib.sha256(f"refresh token {next(_serial)}".encode()).digest()
    with db.cursor(row_factory=tuple_row) as cursor:
        opened = cursor.execute("select account.open_session(%s, %s, 'Test/1.0', clock.now())", [user_id, token])
        found = opened.fetchone()
    assert found is not None
    session_id: UUID = found[0]
    return session_id


@dataclass(frozen=True)
class Phone:
    """Somebody's app: `phone.ask("book", service_id=…)` is `select api.book(p_actor => …, p_service_id => …)`."""

    app: Connection[Any]
    actor: UUID

    def ask(self, function: str, **arguments: Any) -> Any:
        """The answer, from JSON."""
        given = {"actor": self.actor} | arguments
        statement = sql.SQL("select api.{}({})").format(
            sql.Identifier(function),
            sql.SQL(", ").join(sql.SQL("{} => %s").format(sql.Identifier(f"p_{name}")) for name in given),
        )
        with self.app.cursor(row_factory=tuple_row) as cursor:
            found = cursor.execute(statement, list(given.values())).fetchone()
        assert found is not None
        return found[0]


def phone(db: Connection[Any], app: Connection[Any], user_id: UUID) -> Phone:
    """A person's app, signed in; `app` is a connection of the role shokti_app."""
    return Phone(app, sign_in(db, user_id))


def admin(db: Connection[Any], app: Connection[Any]) -> Phone:
    """An admin who has just signed in, as one by password and authenticator would be."""
    with db.cursor(row_factory=tuple_row) as cursor:
        made = cursor.execute(
            "insert into account.person (role, created_at) values ('admin', clock.now()) returning user_id"
        ).fetchone()
    assert made is not None
    return phone(db, app, made[0])


@contextmanager
def refused(code: str, *, column: str | None = None) -> Iterator[None]:
    """The block ends with this code of ours, naming this field."""
    with pytest.raises(psycopg.Error) as caught:
        yield
    diag = caught.value.diag
    assert (caught.value.sqlstate, diag.column_name) == (code, column), caught.value
