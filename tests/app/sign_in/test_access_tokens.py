"""Access tokens: every parameter is pinned, keys can be replaced with an overlap, and only public keys are published."""

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

from app.edge.problems import Refusal
from app.sign_in.access_tokens import AUDIENCE, AccessTokens, Caller
from db.keyring import signing_key
from db.settings import DEVELOPMENT_SECRET_KEY, DEVELOPMENT_SIGNING_KEY, Settings, read_settings
from tests import marketplace
from tests.app.people import bearer

Db = Connection[Any]
CALLER = Caller(str(uuid4()), str(uuid4()), "customer")


def private(seed: bytes) -> SecretStr:
    """A signing key as in the settings."""
    return SecretStr(base64.b64encode(bytes.fromhex("302e020100300506032b657004220420") + seed * 32).decode())


def tokens(*keys: SecretStr, **more: Any) -> AccessTokens:
    return AccessTokens.of(read_settings(shokti_signing_keys=keys or (private(b"a"),), **more))


def test_what_a_token_says() -> None:
    made = tokens()
    token = made.issue(CALLER, 900)
    header = jwt.get_unverified_header(token)
    assert (header["typ"], header["alg"]) == ("at+jwt", "EdDSA")
    claims = jwt.decode(token, options={"verify_signature": False})
    assert set(claims) == {"iss", "aud", "sub", "sid", "role", "iat", "exp", "jti"}
    assert claims["exp"] - claims["iat"] == 900
    assert (claims["iss"], claims["aud"]) == ("http://127.0.0.1:8000", AUDIENCE)
    assert made.read(token) == CALLER
    assert claims["jti"] != jwt.decode(made.issue(CALLER, 900), options={"verify_signature": False})["jti"]


def forged(**changes: Any) -> str:
    """A token signed with the right key, with some claims or headers changed."""
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


def test_an_unchanged_forgery_is_valid() -> None:
    assert tokens().read(forged()) == CALLER


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "https://elsewhere.example"}, {"aud": "another"}, {"aud": None}, {"typ": "JWT"}, {"typ": None},
        {"kid": "another"}, {"exp": 1}, {"exp": None}, {"iat": 4_000_000_000}, {"iat": None},
        {"jti": None}, {"sid": None}, {"sid": "1"}, {"sub": None}, {"role": None}, {"crit": ["exp"]},
    ],
)  # fmt: skip
def test_any_wrong_claim_or_header_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(Refusal) as refused:
        tokens().read(forged(**change))
    assert refused.value.problem.status == 401


def test_the_caller_cannot_choose_the_algorithm() -> None:
    made = tokens()
    kid = next(iter(made.keys))
    claims = jwt.decode(made.issue(CALLER, 900), options={"verify_signature": False})
    none = jwt.encode(claims, "", "none", {"typ": "at+jwt", "kid": kid})
    # Algorithm confusion: the public key used as a shared secret.
    public = json.loads(made.key_set())["keys"][0]["x"]
    shared = jwt.encode(claims, public, "HS256", {"typ": "at+jwt", "kid": kid})
    for token in (none, shared, "", "a.b.c", "x" * 5000, made.issue(CALLER, 900)[:-2], "....", "\u0995.\u0995.\u0995"):
        with pytest.raises(Refusal):
            made.read(token)


def test_keys_inside_the_token_are_ignored() -> None:
    stranger = Ed25519PrivateKey.generate()
    claims = jwt.decode(tokens().issue(CALLER, 900), options={"verify_signature": False})
    token = jwt.encode(
        claims, stranger, "EdDSA", {"typ": "at+jwt", "kid": "https://evil.example/key", "jku": "https://evil.example"}
    )
    with pytest.raises(Refusal):
        tokens().read(token)


def test_keys_are_replaced_with_an_overlap() -> None:
    old, both, new = tokens(private(b"a")), tokens(private(b"b"), private(b"a")), tokens(private(b"b"))
    token = old.issue(CALLER, 900)
    assert both.read(token) == CALLER
    assert new.read(both.issue(CALLER, 900)) == CALLER
    with pytest.raises(Refusal):
        new.read(token)
    assert len(json.loads(both.key_set())["keys"]) == 2


def test_one_shared_secret_by_setting() -> None:
    shared = tokens(shokti_token_algorithm="HS256")
    token = shared.issue(CALLER, 900)
    assert jwt.get_unverified_header(token)["alg"] == "HS256"
    assert shared.read(token) == CALLER
    assert json.loads(shared.key_set()) == {"keys": []}
    with pytest.raises(Refusal):
        tokens().read(token)
    with pytest.raises(Refusal):
        shared.read(tokens().issue(CALLER, 900))


def test_cached_tokens_expire() -> None:
    made = tokens()
    expired = made.issue(CALLER, -60)
    made._verified[expired] = (CALLER, time.time() - 1)
    with pytest.raises(Refusal, match="expired"):
        made.read(expired)
    assert expired not in made._verified


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


def test_development_keys_are_named_as_such() -> None:
    assert "development" in DEVELOPMENT_SECRET_KEY
    assert b"development" in base64.b64decode(DEVELOPMENT_SIGNING_KEY)
    assert Settings.model_fields["shokti_signing_keys"].default[0].get_secret_value() == DEVELOPMENT_SIGNING_KEY
