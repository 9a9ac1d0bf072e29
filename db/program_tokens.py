"""Tokens of our own programs, made and ended from the machine that may migrate, never over HTTP."""

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
class ServiceToken:
    """What is known of a token: everything but the token."""

    token_id: UUID
    program: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None


def make(url: str, service: str, token_hash: bytes) -> datetime:
    """Lets a token in, told by its sha256; until when."""
    with connect(url, role="shokti_owner", application_name=APPLICATION_NAME) as owner:
        try:
            row = owner.execute(
                """select expires_at from account.create_program_token(
                     p_program => %s, p_token_hash => %s, p_at => clock.now())""",
                [service, token_hash],
            ).fetchone()
        except psycopg.errors.CheckViolation:
            raise Fault(
                "the name of a service is a word of small letters, digits, - and _, such as scheduler"
            ) from None
    assert row is not None
    until: datetime = row[0]
    return until


def revoke(url: str, service: str, token_id: UUID | None) -> int:
    """Ends one token of a service, or all of them; how many."""
    with connect(url, role="shokti_owner", application_name=APPLICATION_NAME) as owner:
        row = owner.execute(
            "select account.revoke_program_tokens(p_program => %s, p_token_id => %s, p_at => clock.now())",
            [service, token_id],
        ).fetchone()
    assert row is not None
    count: int = row[0]
    return count


def known(url: str) -> list[ServiceToken]:
    """All of them, also those that have ended."""
    with (
        connect(url, role="shokti_owner", application_name=APPLICATION_NAME) as owner,
        owner.cursor(row_factory=class_row(ServiceToken)) as cursor,
    ):
        return cursor.execute("select * from account.program_tokens()").fetchall()
