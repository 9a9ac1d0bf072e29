"""Tokens of our own programs: validity, replacement, audit of calls."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import Connection

from tests.outbox import DAY, MICRO, NOW, rows, set_rule, value
from tests.sessions import refused

Db = Connection[Any]


def make(db: Db, token: str, program: str = "scheduler") -> UUID:
    token_id: UUID = value(
        db, "select token_id from account.create_program_token(%s, sha256(%s), %s)", program, token.encode(), NOW
    )
    return token_id


def caller(db: Db, token: str, after: timedelta = timedelta(0)) -> str:
    """Returns the program that a token authenticates."""
    program: str = value(
        db, "select program from account.authenticate_program(sha256(%s), %s)", token.encode(), NOW + after
    )
    return program


def revoke(db: Db, program: str, token_id: UUID | None = None) -> int:
    count: int = value(db, "select account.revoke_program_tokens(%s, %s, %s)", program, token_id, NOW)
    return count


@pytest.mark.parametrize(
    ("token", "after", "let_in"),
    [
        ("right", timedelta(0), True),
        ("right", 365 * DAY - MICRO, True),
        ("right", 365 * DAY, False),
        ("Right", timedelta(0), False),
        ("", timedelta(0), False),
    ],
)
def test_a_token_is_valid_until_it_expires(db: Db, token: str, after: timedelta, let_in: bool) -> None:
    make(db, "right")
    if let_in:
        assert caller(db, token, after) == "scheduler"
    else:
        with refused("SH401"):
            caller(db, token, after)


def test_the_validity_of_a_token_is_a_rule(db: Db) -> None:
    set_rule(db, "service.token_for", 1, NOW - DAY)
    make(db, "short")
    assert caller(db, "short", DAY - MICRO) == "scheduler"
    with refused("SH401"):
        caller(db, "short", DAY)


def test_a_program_may_have_several_tokens_and_revoke_one(db: Db) -> None:
    old, new = make(db, "old"), make(db, "new")
    make(db, "of another", "reporter")
    assert {caller(db, "old"), caller(db, "new")} == {"scheduler"}
    assert revoke(db, "reporter", old) == 0
    assert revoke(db, "scheduler", old) == 1
    with refused("SH401"):
        caller(db, "old")
    assert caller(db, "new") == "scheduler"
    assert revoke(db, "scheduler") == 1
    assert revoke(db, "scheduler") == 0
    with refused("SH401"):
        caller(db, "new")
    assert caller(db, "of another") == "reporter"
    audited = rows(db, "select action, subject from policy.audit where action like '%%service_token' order by audit_id")
    assert [tuple(one.values()) for one in audited][-2:] == [
        ("revoke_service_token", f"service_token {old}"),
        ("revoke_service_token", f"service_token {new}"),
    ]


def test_each_call_is_audited_unless_refused(db: Db) -> None:
    token_id = make(db, "noted")
    assert value(db, "select last_used_at from account.program_tokens()") is None
    caller(db, "noted", timedelta(hours=1))
    with refused("SH401"):
        caller(db, "unknown", timedelta(hours=2))
    assert value(db, "select last_used_at from account.program_tokens()") == NOW + timedelta(hours=1)
    calls = rows(db, "select actor, subject from policy.audit where action = 'service_call'")
    assert [tuple(one.values()) for one in calls] == [("service scheduler", f"service_token {token_id}")]


def test_the_database_stores_no_token(db: Db) -> None:
    make(db, "known to the program only")
    kept = value(db, "select t::text from account.program_token t")
    assert "known to the program" not in kept
    assert b"known to the program".hex() not in kept
    assert hashlib.sha256(b"known to the program only").hexdigest() in kept


@pytest.mark.parametrize("name", ["", "Scheduler", "two words", "x" * 41, "ক"])
def test_the_name_of_a_program_is_a_word(db: Db, name: str) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        make(db, "whatever", name)


@pytest.mark.parametrize("function", ["authenticate_program(bytea, timestamptz)", "program_tokens()"])
def test_the_app_cannot_execute_them(db: Db, function: str) -> None:
    assert value(db, "select has_function_privilege('shokti_app', %s, 'execute')", f"account.{function}") is False
