"""Callers for schemathesis, which loads this module as its hooks (`schemathesis.toml` of the test).

One person with a history makes nearly all calls. Calls that end a session or erase a person get a new person each time.
"""

from __future__ import annotations

import os
from threading import Lock
from typing import Any
from uuid import UUID, uuid4

import psycopg
import schemathesis
from psycopg import Connection
from schemathesis import AuthContext, Case

from app.sign_in.program_tokens import new_token, token_hash
from tests import marketplace
from tests.app.people import bearer

ENDING = {"DELETE /me", "DELETE /me/sessions"}


def somebody(db: Connection[Any], role: str) -> UUID:
    """A person with a history, so that lists are not empty."""
    # Other runs use the same database, and each numbers its people from one.
    unique = {"external_id": uuid4().hex, "email": f"{uuid4().hex}@example.com"}
    if role == "worker":
        return marketplace.worker(db, **unique)
    user_id = marketplace.person(db, role=role, **unique)
    if role == "customer":
        service = marketplace.service(db, code=f"s{uuid4().hex}")
        marketplace.visits(db, user_id, service, days=["2026-09-01", "2026-10-01"])
    return user_id


@schemathesis.auth(refresh_interval=None)
class SignedIn:
    """The Authorization header of each call."""

    def __init__(self) -> None:
        self.role = os.environ["FUZZED_ROLE"]
        # Several threads make calls.
        self.lock = Lock()
        self.db = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True, options="-c role=shokti_owner")
        self.usual = self._header()

    def _header(self) -> str | None:
        if self.role == "anonymous":
            return None
        if self.role == "program":
            token = new_token()
            self.db.execute("select account.create_program_token('fuzzed', %s, clock.now())", [token_hash(token)])
            return f"Bearer {token}"
        return bearer(self.db, somebody(self.db, self.role))["authorization"]

    def get(self, case: Case[Any], context: AuthContext) -> str | None:
        if case.operation.label not in ENDING:
            return self.usual
        with self.lock:
            return self._header()

    def set(self, case: Case[Any], data: str, context: AuthContext) -> None:
        case.headers["Authorization"] = data
