"""Admins: created at the command line; sign-in with password and authenticator; throttled but never locked out."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pyotp
import pytest
from psycopg import Connection

from app.sign_in import admin
from app.sign_in.flows import matching_totp_step
from db import Fault
from db.embedded.temporary import TemporaryServer
from db.settings import ROOT, read_settings
from tests.app.serving import Edge, at_once, serving
from tests.conftest import Clock

Db = Connection[Any]
PASSWORD = "চারটি শান্ত নদী 4"


@pytest.fixture(scope="module")
def edge(server: TemporaryServer, database_name: str) -> Iterator[Edge]:
    with serving(server.url(database_name), TRUSTED_PROXIES="127.0.0.1/32") as running:
        yield running


class Admin:
    """An admin with a password and an authenticator app."""

    def __init__(self, url: str, login: str, password: str = PASSWORD) -> None:
        self.login = login
        address = admin.create_admin(url, read_settings().keyring, login, password)
        self.totp = pyotp.TOTP(parse_qs(urlsplit(address).query)["secret"][0])

    def body(self, **more: str) -> dict[str, str]:
        return {"login": self.login, "password": PASSWORD, "code": self.totp.at(int(time.time()))} | more

    def wrong_code(self) -> str:
        near = {self.totp.at(int(time.time()) + 30 * offset) for offset in range(-3, 4)}
        return next(code for code in (f"{number:06d}" for number in range(10)) if code not in near)


def login(client: httpx2.Client, body: dict[str, str], address: str = "192.0.2.1") -> httpx2.Response:
    return client.post("/auth/admin/login", json=body, headers={"x-forwarded-for": address})


def test_signing_in_and_what_the_role_may(app: httpx2.Client, database_url: str) -> None:
    someone = Admin(database_url, "ops-first")
    answer = login(app, someone.body())
    assert answer.status_code == 200, answer.text
    assert answer.json()["role"] == "admin"
    header = {"authorization": f"Bearer {answer.json()['access_token']}"}
    assert app.get("/me/sessions", headers=header).status_code == 200


def test_a_code_works_once_also_concurrently(app: httpx2.Client, edge: Edge, database_url: str) -> None:
    someone = Admin(database_url, "ops-once")
    body = someone.body()
    answers = at_once(edge, 5, lambda client, _: login(client, body, "192.0.2.2"))
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401, 401]
    earlier = body | {"code": someone.totp.at(int(time.time()) - 30)}
    assert login(app, earlier, "192.0.2.2").status_code == 401


def test_the_password_is_the_same_in_any_normal_form(app: httpx2.Client, database_url: str) -> None:
    someone = Admin(database_url, "ops-nfc", "\u00e9lan vital \u00e0 Z\u00fcrich 7")
    body = someone.body(password="e\u0301lan vital a\u0300 Zu\u0308rich 7")
    assert login(app, body, "192.0.2.3").status_code == 200


def test_all_refusals_look_the_same(app: httpx2.Client, database_url: str) -> None:
    someone = Admin(database_url, "ops-same")
    tries = [
        someone.body(password="not the password"),
        someone.body(code=someone.wrong_code()),
        someone.body(login="nobody-at-all"),
    ]
    answers = [login(app, body, "192.0.2.4") for body in tries]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.json()["detail"] for answer in answers}) == 1


def test_guessing_is_throttled_for_its_address_only(app: httpx2.Client, database_url: str, clock: Clock) -> None:
    someone = Admin(database_url, "ops-slow")
    wrong = someone.body(password="guess after guess")
    assert [login(app, wrong, "192.0.2.5").status_code for _ in range(10)] == [401] * 10
    refused = login(app, someone.body(), "192.0.2.5")
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= 90
    assert login(app, someone.body(), "192.0.2.6").status_code == 200
    clock.advance(seconds=90)
    assert login(app, wrong, "192.0.2.5").status_code == 401


def test_the_limits_of_tries_are_rules(
    app: httpx2.Client, db: Connection[Any], database_url: str, clock: Clock
) -> None:
    someone = Admin(database_url, "ops-ruled")
    wrong = someone.body(password="guess after guess")
    # On separate days, because the tests of this module share the database.
    for day, calls, seconds in (("2027-07-01", "2", "100"), ("2027-07-02", "10", "900")):
        for rule, number in (("calls", calls), ("seconds", seconds)):
            change = "select policy.change_rule('rate.admin_tries.' || %s, %s, 'test', 'test', %s)"
            db.execute(change, [rule, number, day])
    clock.set("2027-07-01T10:00:00+06:00")
    assert [login(app, wrong, "192.0.2.8").status_code for _ in range(3)] == [401, 401, 429]
    clock.advance(seconds=50)
    assert login(app, wrong, "192.0.2.8").status_code == 401


def test_a_new_password_ends_the_sessions(app: httpx2.Client, database_url: str) -> None:
    first = Admin(database_url, "ops-new")
    token = login(app, first.body(), "192.0.2.7").json()["access_token"]
    Admin(database_url, "ops-new")
    assert app.get("/me/sessions", headers={"authorization": f"Bearer {token}"}).status_code == 401
    assert login(app, first.body(), "192.0.2.7").status_code == 401


def test_the_database_has_neither_password_nor_secret(db: Db, database_url: str) -> None:
    someone = Admin(database_url, "ops-dark")
    row = db.execute("select a::text from account.admin_credential a where login = 'ops-dark'").fetchone()
    assert row is not None
    assert PASSWORD not in row[0]
    assert someone.totp.secret not in row[0]
    assert someone.totp.secret.encode().hex() not in row[0]


def test_only_the_present_and_adjacent_steps_are_accepted() -> None:
    secret = pyotp.random_base32()
    now = 1_800_000_015.0
    codes = {offset: pyotp.TOTP(secret).at(int(now) + 30 * offset) for offset in range(-2, 3)}
    present = int(now) // 30
    for offset, code in codes.items():
        wanted = present + offset if abs(offset) <= 1 else None
        assert matching_totp_step(secret, code, now) == wanted


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("elevenchars", "11 characters"),
        ("password1234", "easy to guess"),
        ("qwertyuiop12", "easy to guess"),
        ("aaaaaaaaaaaaaa", "easy to guess"),
        ("123456789012", "easy to guess"),
        ("ops-loginshokti", "easy to guess"),
        ("a\x00" * 10, "control characters"),
        ("x" * 1001, "more than 1000"),
    ],
)
def test_passwords_that_are_refused(password: str, said: str) -> None:
    with pytest.raises(Fault, match=said):
        admin.check_password(password, "ops-login")


@pytest.mark.parametrize("password", ["correct tram battery fjord", PASSWORD, "নদীর ধারে পুরনো বটগাছ"])
def test_passwords_that_are_accepted_need_no_special_characters(password: str) -> None:
    admin.check_password(password, "ops-login")


def test_the_command_asks_for_the_password_and_shows_the_address_once(app: httpx2.Client, database_url: str) -> None:
    def run(password: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "app", "admin", "--login", "ops-cli"],
            cwd=ROOT,
            env=os.environ | {"DATABASE_URL": database_url},
            input=f"{password}\n{password}\n",
            capture_output=True,
            text=True,
        )

    refused = run("short")
    assert refused.returncode == 2
    assert refused.stderr.splitlines()[-1] == "shokti: the password has 5 characters; 12 or more are needed"
    made = run(PASSWORD)
    assert made.returncode == 0, made.stderr
    assert PASSWORD not in made.stdout + made.stderr
    address = made.stdout.splitlines()[-1]
    assert address.startswith("otpauth://totp/Shokti:ops-cli?secret=")
    totp = pyotp.TOTP(parse_qs(urlsplit(address).query)["secret"][0])
    body = {"login": "ops-cli", "password": PASSWORD, "code": totp.at(int(time.time()))}
    assert login(app, body, "192.0.2.8").status_code == 200
