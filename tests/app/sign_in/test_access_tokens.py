"""Access tokens: everything about them is pinned; keys change with an overlap; nothing but public parts is shown."""

from __future__ import annotations

import base64
import json
import time
from typing import Any
from uuid import uuid4

import httpx2
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from psycopg import Connection
from pydantic import SecretStr

from app.edge.addresses import caller_address
from app.edge.cursors import Cursors
from app.edge.problems import Refusal
from app.sign_in.access_tokens import AUDIENCE, Caller, Tokens
from db.embedded.server import TestServer
from db.keyring import signing_key
from db.settings import DEVELOPMENT_SECRET_KEY, DEVELOPMENT_SIGNING_KEY, Settings, read_settings
from tests import marketplace
from tests.app.people import bearer
from tests.app.serving import APP, Edge, serving

Db = Connection[Any]
CALLER = Caller(str(uuid4()), str(uuid4()), "customer")


def private(seed: bytes) -> SecretStr:
    """A signing key as it stands in the settings."""
    return SecretStr(base64.b64encode(bytes.fromhex("302e020100300506032b657004220420") + seed * 32).decode())


def tokens(*keys: SecretStr, **more: Any) -> Tokens:
    return Tokens.of(read_settings(shokti_signing_keys=keys or (private(b"a"),), **more))


def test_what_a_token_says() -> None:
    made = tokens()
    token = made.mint(CALLER, 900)
    header = jwt.get_unverified_header(token)
    assert (header["typ"], header["alg"]) == ("at+jwt", "EdDSA")
    claims = jwt.decode(token, options={"verify_signature": False})
    assert set(claims) == {"iss", "aud", "sub", "sid", "role", "iat", "exp", "jti"}
    assert claims["exp"] - claims["iat"] == 900
    assert (claims["iss"], claims["aud"]) == ("http://127.0.0.1:8000", AUDIENCE)
    assert made.read(token) == CALLER
    assert claims["jti"] != jwt.decode(made.mint(CALLER, 900), options={"verify_signature": False})["jti"]


def forged(**changes: Any) -> str:
    """A token signed with the right key, but for one thing."""
    key = signing_key(private(b"a").get_secret_value())
    kid = next(iter(tokens().keys))
    now = int(time.time())
    claims = {
        "iss": "http://127.0.0.1:8000", "aud": AUDIENCE, "sub": CALLER.user_id, "sid": CALLER.session_id,
        "role": "customer", "iat": now, "exp": now + 900, "jti": "1",
    }  # fmt: skip
    header = {"typ": "at+jwt", "kid": kid}
    for name, value in changes.items():
        (header if name in ("typ", "kid", "jku", "x5u", "crit") else claims)[name] = value
    return jwt.encode({k: v for k, v in claims.items() if v is not None}, key, "EdDSA", header)


def test_the_forger_can_make_a_right_one() -> None:
    assert tokens().read(forged()) == CALLER


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "https://elsewhere.example"}, {"aud": "another"}, {"aud": None}, {"typ": "JWT"}, {"typ": None},
        {"kid": "another"}, {"exp": 1}, {"exp": None}, {"iat": 4_000_000_000}, {"iat": None},
        {"jti": None}, {"sid": None}, {"sid": "1"}, {"sub": None}, {"role": None}, {"crit": ["exp"]},
    ],
)  # fmt: skip
def test_one_wrong_thing_is_enough(change: dict[str, Any]) -> None:
    with pytest.raises(Refusal) as refused:
        tokens().read(forged(**change))
    assert refused.value.problem.status == 401


def test_algorithms_are_not_for_the_caller_to_choose() -> None:
    made = tokens()
    kid = next(iter(made.keys))
    claims = jwt.decode(made.mint(CALLER, 900), options={"verify_signature": False})
    none = jwt.encode(claims, "", "none", {"typ": "at+jwt", "kid": kid})
    # The classical confusion: the public key taken for a shared secret.
    public = json.loads(made.key_set())["keys"][0]["x"]
    shared = jwt.encode(claims, public, "HS256", {"typ": "at+jwt", "kid": kid})
    for token in (none, shared, "", "a.b.c", "x" * 5000, made.mint(CALLER, 900)[:-2], "....", "\u0995.\u0995.\u0995"):
        with pytest.raises(Refusal):
            made.read(token)


def test_a_key_that_the_token_brings_along_is_not_used() -> None:
    stranger = Ed25519PrivateKey.generate()
    claims = jwt.decode(tokens().mint(CALLER, 900), options={"verify_signature": False})
    token = jwt.encode(
        claims, stranger, "EdDSA", {"typ": "at+jwt", "kid": "https://evil.example/key", "jku": "https://evil.example"}
    )
    with pytest.raises(Refusal):
        tokens().read(token)


def test_keys_change_with_an_overlap() -> None:
    old, both, new = tokens(private(b"a")), tokens(private(b"b"), private(b"a")), tokens(private(b"b"))
    token = old.mint(CALLER, 900)
    assert both.read(token) == CALLER
    assert new.read(both.mint(CALLER, 900)) == CALLER
    with pytest.raises(Refusal):
        new.read(token)
    assert len(json.loads(both.key_set())["keys"]) == 2


def test_one_shared_secret_by_setting() -> None:
    shared = tokens(shokti_token_algorithm="HS256")
    token = shared.mint(CALLER, 900)
    assert jwt.get_unverified_header(token)["alg"] == "HS256"
    assert shared.read(token) == CALLER
    assert json.loads(shared.key_set()) == {"keys": []}
    with pytest.raises(Refusal):
        tokens().read(token)
    with pytest.raises(Refusal):
        shared.read(tokens().mint(CALLER, 900))


def test_what_is_remembered_expires() -> None:
    made = tokens()
    expired = made.mint(CALLER, -60)
    made._remembered[expired] = (CALLER, time.time() - 1)
    with pytest.raises(Refusal, match="expired"):
        made.read(expired)
    assert expired not in made._remembered


def test_the_key_set_is_public(app: httpx2.Client) -> None:
    answer = app.get("/.well-known/jwks.json")
    (key,) = answer.json()["keys"]
    assert set(key) == {"kty", "crv", "use", "alg", "kid", "x"}
    assert jwt.PyJWK(key).key == signing_key(DEVELOPMENT_SIGNING_KEY).public_key()


def test_a_token_of_another_role_is_refused_before_the_database_is_asked(app: httpx2.Client, db: Db) -> None:
    header = bearer(db, marketplace.worker(db))
    refused = app.post("/bookings", json={"rubbish": True}, headers=header)
    assert refused.status_code == 403
    assert 'error="insufficient_scope"' in refused.headers["www-authenticate"]
    twice = [("authorization", header["authorization"])] * 2
    assert app.get("/me/sessions", headers=twice).status_code == 401


def test_other_origins_are_let_in_by_setting_only(edge: Edge, server: TestServer, database_name: str) -> None:
    asked = {"origin": "https://app.example.com", "access-control-request-method": "POST"}
    asked |= {"access-control-request-headers": "authorization,idempotency-key,if-match,if-none-match"}
    with edge.client(**APP) as client:
        assert "access-control-allow-origin" not in client.options("/me/sessions", headers=asked).headers
    url = server.url(database_name)
    with serving(url, CORS_ORIGINS="https://app.example.com") as open_edge, open_edge.client(**APP) as client:
        allowed = client.options("/me/sessions", headers=asked)
        assert allowed.status_code == 200
        assert allowed.headers["access-control-allow-origin"] == "https://app.example.com"
        answer = client.get("/services", headers={"origin": "https://app.example.com"})
        assert answer.headers["access-control-allow-origin"] == "https://app.example.com"
        exposed = answer.headers["access-control-expose-headers"].lower()
        assert {"etag", "idempotency-replayed", "retry-after"} <= set(exposed.split(", "))
        for change in (
            {"origin": "https://evil.example"},
            {"access-control-request-method": "TRACE"},
            {"access-control-request-headers": "x-other"},
        ):
            other = client.options("/me/sessions", headers=asked | change)
            assert (other.status_code, other.headers["content-type"]) == (403, "application/problem+json")
            assert other.headers["x-content-type-options"] == "nosniff"
            assert other.json()["detail"].startswith("Disallowed CORS ")
        evil = client.options("/me/sessions", headers=asked | {"origin": "https://evil.example"})
        assert "access-control-allow-origin" not in evil.headers


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "counted"),
    [
        ("203.0.113.9", "198.51.100.1", (), "203.0.113.9"),
        ("10.0.0.1", "198.51.100.1", ("10.0.0.0/8",), "198.51.100.1"),
        # What a caller writes before the proxy appends is not believed.
        ("10.0.0.1", "1.1.1.1, 198.51.100.1", ("10.0.0.0/8",), "198.51.100.1"),
        ("10.0.0.1", "1.1.1.1, 198.51.100.1, 10.0.0.2", ("10.0.0.0/8",), "198.51.100.1"),
        ("203.0.113.9", "198.51.100.1", ("10.0.0.0/8",), "203.0.113.9"),
        ("10.0.0.1", "rubbish", ("10.0.0.0/8",), "unknown"),
        ("2001:db8:1:2:3:4:5:6", "", (), "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "", (), "203.0.113.9"),
    ],
)
def test_whose_address_counts(peer: str, forwarded: str, trusted: tuple[str, ...], counted: str) -> None:
    networks = read_settings(trusted_proxies=",".join(trusted)).trusted_proxies if trusted else ()
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    assert caller_address({"type": "http", "client": (peer, 1), "headers": headers}, networks) == counted


def test_cursors_are_ours_and_for_one_list_of_one_person() -> None:
    cursors = Cursors((b"n" * 32, b"o" * 32))
    answer = b'{"items": [{"name": "\\"next_cursor\\": \\"x\\"}"}], "next_cursor": "2026-11-23T04:00:00Z 7"}'
    sealed = json.loads(cursors.sealed(answer, "bookings", "me"))
    assert sealed["items"] == json.loads(answer)["items"]
    cursor = sealed["next_cursor"]
    assert cursors.position(cursor, "bookings", "me") == "2026-11-23T04:00:00Z 7"
    old = json.loads(Cursors((b"o" * 32,)).sealed(answer, "bookings", "me"))["next_cursor"]
    assert cursors.position(old, "bookings", "me") == "2026-11-23T04:00:00Z 7"
    swapped = ("B" if cursor[0] == "A" else "A") + cursor[1:]
    wrong = [
        (swapped, "bookings", "me"),
        (cursor, "jobs", "me"),
        (cursor, "bookings", "you"),
        ("AAAA", "bookings", "me"),
    ]
    for text, function, owner in wrong:
        with pytest.raises(Refusal) as refused:
            cursors.position(text, function, owner)
        assert refused.value.problem.errors[0].field == "cursor"
    last = b'{"items": [], "next_cursor": null}'
    assert cursors.sealed(last, "bookings", "me") == last


def test_development_keys_are_named_as_such() -> None:
    assert "development" in DEVELOPMENT_SECRET_KEY
    assert b"development" in base64.b64decode(DEVELOPMENT_SIGNING_KEY)
    assert Settings.model_fields["shokti_signing_keys"].default[0].get_secret_value() == DEVELOPMENT_SIGNING_KEY
