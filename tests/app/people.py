"""People who are signed in: with a code, or directly where sign-in is not the subject of the test."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import httpx2
from psycopg import Connection
from pydantic_core import from_json

from app.sign_in.access_tokens import AccessTokens, Caller
from db.keyring import ONE_TIME_CODE
from db.settings import read_settings
from tests import marketplace

Db = Connection[Any]

_serial = count(1)


def bearer(db: Db, user_id: UUID) -> dict[str, str]:
    """The Authorization header of a new session of a person."""
    row = db.execute(
        """select account.open_session(p.user_id, sha256(uuid_send(gen_random_uuid())), 'test', clock.now()), p.role
           from account.person p where p.user_id = %s""",
        [user_id],
    ).fetchone()
    assert row is not None
    caller = Caller(str(user_id), str(row[0]), row[1])
    return {"authorization": f"Bearer {AccessTokens.of(read_settings()).issue(caller, 900)}"}


def code_of(db: Db, request_id: str) -> str:
    """The code, unsealed as the worker process does it."""
    row = db.execute("select sealed from account.one_time_code where request_id = %s", [request_id]).fetchone()
    assert row is not None
    assert row[0] is not None, "there is nothing left to send"
    content = read_settings().keyring.unseal(ONE_TIME_CODE, row[0], request_id.encode())
    code: str = from_json(content)["code"]
    return code


class Device:
    """A phone with its own network address behind a trusted proxy."""

    def __init__(self, client: httpx2.Client, db: Db, email: str | None = None) -> None:
        number = next(_serial)
        self.client = client
        self.db = db
        self.email = email or f"device{number}@example.com"
        self.headers = {"x-forwarded-for": f"203.0.{number // 250}.{number % 250 + 1}"}

    def post(self, path: str, body: dict[str, Any], **headers: str) -> httpx2.Response:
        return self.client.post(path, json=body, headers=self.headers | headers)

    def ask(self, **more: Any) -> httpx2.Response:
        return self.post("/auth/request-otp", {"channel": "email", "destination": self.email} | more)

    def code(self, **more: Any) -> tuple[str, str]:
        """A request and its code."""
        answer = self.ask(**more)
        assert answer.status_code == 200, answer.text
        request_id: str = answer.json()["request_id"]
        return request_id, code_of(self.db, request_id)

    def attempt(self, request_id: str, code: str, **more: Any) -> httpx2.Response:
        body = {"request_id": request_id, "channel": "email", "destination": self.email, "code": code}
        return self.post("/auth/verify-otp", body | more)

    def sign_in(self) -> dict[str, Any]:
        answer = self.attempt(*self.code())
        assert answer.status_code == 200, answer.text
        tokens: dict[str, Any] = answer.json()
        return tokens

    def refresh(self, token: str) -> httpx2.Response:
        return self.post("/auth/refresh", {"refresh_token": token})

    def sessions(self, access_token: str) -> httpx2.Response:
        return self.client.get("/me/sessions", headers={"authorization": f"Bearer {access_token}"})


class Customer:
    """A customer with a service to book."""

    def __init__(self, db: Db) -> None:
        self.db = db
        self.user_id = marketplace.person(db)
        self.headers = bearer(db, self.user_id)
        self.body: dict[str, Any] = {
            "service_id": str(marketplace.service(db)),
            "scheduled_at": (datetime.now(UTC) + timedelta(days=3)).isoformat(timespec="seconds"),
        }

    def book(self, client: httpx2.Client, key: str | None, **more: Any) -> httpx2.Response:
        headers = self.headers | ({"idempotency-key": key} if key is not None else {})
        return client.post("/bookings", json=self.body | more, headers=headers)

    def bookings(self) -> int:
        row = self.db.execute("select count(*) from market.booking where customer_id = %s", [self.user_id]).fetchone()
        assert row is not None
        return int(row[0])
