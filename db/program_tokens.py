"""Tokens of the programs that call us, created and revoked with the owner's rights on the database, never over HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import psycopg
from psycopg.rows import class_row

from db.connection import connect
from db.fault import Fault

APPLICATION_NAME = "shokti-service-tokens"


@dataclass(frozen=True, slots=True)
class ProgramToken:
    """A row of account.program_tokens: everything but the token itself."""

    token_id: UUID
    program: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None


def create_token(url: str, service: str, token_hash: bytes) -> datetime:
    """Admits a token by its SHA-256 hash; returns when it expires."""
    with connect(url, role="shokti_owner", application_name=APPLICATION_NAME) as owner:
        try:
            row = owner.execute(
                """select expires_at from account.create_program_token(
                     p_program => %s, p_token_hash => %s, p_at => clock.now())""",
                [service, token_hash],
            ).fetchone()
        except psycopg.errors.CheckViolation:
            raise Fault(
                "the name of a program is a word of lower-case letters, digits, - and _, such as scheduler"
            ) from None
    assert row is not None
    until: datetime = row[0]
    return until


def revoke_tokens(url: str, service: str, token_id: UUID | None) -> int:
    """Revokes one token of a program, or all of them; returns how many."""
    with connect(url, role="shokti_owner", application_name=APPLICATION_NAME) as owner:
        row = owner.execute(
            "select account.revoke_program_tokens(p_program => %s, p_token_id => %s, p_at => clock.now())",
            [service, token_id],
        ).fetchone()
    assert row is not None
    count: int = row[0]
    return count


def list_tokens(url: str) -> list[ProgramToken]:
    """All tokens, expired and revoked ones included."""
    with (
        connect(url, role="shokti_owner", application_name=APPLICATION_NAME) as owner,
        owner.cursor(row_factory=class_row(ProgramToken)) as cursor,
    ):
        return cursor.execute("select * from account.program_tokens()").fetchall()
