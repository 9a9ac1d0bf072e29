"""People who sign in: by code as anybody does, or straight away where signing in is not what is tested."""

from __future__ import annotations

from itertools import count
from typing import Any
from uuid import UUID

import httpx2
from psycopg import Connection
from pydantic_core import from_json

from app.sign_in.access_tokens import Caller, Tokens
from app.sign_in.flows import CODE
from db.settings import read_settings

Db = Connection[Any]

_serial = count(1)


def bearer(db: Db, user_id: UUID) -> dict[str, str]:
    """The header of a new session of a person, as after a sign-in."""
    row = db.execute(
        """select account.open_session(p.user_id, sha256(uuid_send(gen_random_uuid())), 'test', clock.now()), p.role
           from account.person p where p.user_id = %s""",
        [user_id],
    ).fetchone()
    assert row is not None
    caller = Caller(str(user_id), str(row[0]), row[1])
    return {"authorization": f"Bearer {Tokens.of(read_settings()).mint(caller, 900)}"}


def code_of(db: Db, request_id: str) -> str:
    """What the worker would send: the code, opened as the worker opens it."""
    row = db.execute("select sealed from account.one_time_code where request_id = %s", [request_id]).fetchone()
    assert row is not None
    assert row[0] is not None, "there is nothing left to send"
    content = read_settings().keyring.unseal(CODE, row[0], request_id.encode())
    code: str = from_json(content)["code"]
    return code


class Device:
    """A phone somewhere: its own network address, by way of a proxy that the edge trusts."""

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
