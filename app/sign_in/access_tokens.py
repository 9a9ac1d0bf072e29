"""Access tokens: made after SQL opened a session, and read again with everything about them pinned."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.edge.problems import Refusal, refuse
from db import Settings
from db.keyring import signing_key

AUDIENCE = "shokti"
KIND = "at+jwt"
# Clocks of several machines differ by so much at most.
LEEWAY_SECONDS = 5
REMEMBERED = 4096
LONGEST = 2048

SIGN_IN = 'Bearer realm="shokti"'


@dataclass(frozen=True, slots=True)
class Caller:
    """Whom a token names. Whether the session still lives is for SQL to say, at every call."""

    user_id: str
    session_id: str
    role: str

    @property
    def owner(self) -> str:
        """Whose cursors and buckets these are."""
        return self.user_id

    @property
    def arguments(self) -> dict[str, Any]:
        return {"actor": self.session_id}


@dataclass(frozen=True, slots=True)
class Program:
    """One of our own programs, by what it sent. Whether the token is good is for SQL to say, at every call."""

    token_hash: bytes
    role: str = "service"

    @property
    def owner(self) -> str:
        return self.token_hash.hex()

    @property
    def arguments(self) -> dict[str, Any]:
        return {"token_hash": self.token_hash}


Bearer = Caller | Program


@dataclass(frozen=True, slots=True)
class Key:
    """A key under its name in the token's header."""

    kid: str
    signs: Any = field(repr=False)
    verifies: Any = field(repr=False)


@dataclass(frozen=True, slots=True)
class Tokens:
    """Signs with the first key, verifies with all of them; algorithm, issuer, audience and kind are ours alone."""

    algorithm: str
    issuer: str
    keys: Mapping[str, Key]
    # A token is used for many calls; its signature needs to be checked once.
    _remembered: dict[str, tuple[Caller, float]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, settings: Settings) -> Tokens:
        if settings.shokti_token_algorithm == "HS256":
            shared = [Key(named(secret), secret, secret) for secret in settings.keyring.derived("access token")]
            return cls("HS256", settings.public_url, {key.kid: key for key in shared})
        pairs = [pair(signing_key(text.get_secret_value())) for text in settings.shokti_signing_keys]
        return cls("EdDSA", settings.public_url, {key.kid: key for key in pairs})

    def mint(self, caller: Caller, seconds: int) -> str:
        """A token for the session, valid for so long."""
        key = next(iter(self.keys.values()))
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": AUDIENCE,
            "sub": caller.user_id,
            "sid": caller.session_id,
            "role": caller.role,
            "iat": now,
            "exp": now + seconds,
            "jti": uuid4().hex,
        }
        return jwt.encode(claims, key.signs, self.algorithm, {"typ": KIND, "kid": key.kid})

    def read(self, token: str) -> Caller:
        """Whom the token names; a Refusal (401) for whatever is wrong with it."""
        if known := self._remembered.get(token):
            caller, until = known
            if until > time.time():
                return caller
            del self._remembered[token]
        caller, until = self._verified(token)
        if len(self._remembered) >= REMEMBERED:
            self._remembered.clear()
        self._remembered[token] = (caller, until)
        return caller

    def _verified(self, token: str) -> tuple[Caller, float]:
        if len(token) > LONGEST:
            raise unacceptable()
        try:
            header = jwt.get_unverified_header(token)
            kid = header.get("kid")
            key = self.keys.get(kid) if isinstance(kid, str) else None
            if key is None or header.get("typ") != KIND:
                raise unacceptable()
            claims = jwt.decode(
                token,
                key.verifies,
                algorithms=[self.algorithm],
                audience=AUDIENCE,
                issuer=self.issuer,
                leeway=LEEWAY_SECONDS,
                options={"require": ["iss", "aud", "sub", "exp", "iat", "jti", "sid", "role"]},
            )
            caller = Caller(str(UUID(claims["sub"])), str(UUID(claims["sid"])), str(claims["role"]))
        except jwt.ExpiredSignatureError:
            raise unacceptable("The access token has expired: use the refresh token.") from None
        except (jwt.PyJWTError, ValueError, TypeError, AttributeError):
            raise unacceptable() from None
        return caller, float(claims["exp"]) + LEEWAY_SECONDS

    def key_set(self) -> bytes:
        """RFC 7517, public parts only; empty where one shared secret signs."""
        public = [
            {"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": key.kid, "x": x_of(key.verifies)}
            for key in self.keys.values()
            if isinstance(key.verifies, Ed25519PublicKey)
        ]
        return json.dumps({"keys": public}).encode()


def pair(private: Ed25519PrivateKey) -> Key:
    """Named by its thumbprint (RFC 7638), so that the name needs no setting."""
    public = private.public_key()
    thumb = json.dumps({"crv": "Ed25519", "kty": "OKP", "x": x_of(public)}, separators=(",", ":"))
    return Key(unpadded(hashlib.sha256(thumb.encode()).digest()), private, public)


def x_of(public: Ed25519PublicKey) -> str:
    return unpadded(public.public_bytes(Encoding.Raw, PublicFormat.Raw))


def named(secret: bytes) -> str:
    return unpadded(hashlib.sha256(b"kid" + secret).digest()[:12])


def unpadded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def unacceptable(detail: str = "The access token is not valid here.") -> Refusal:
    return refuse(401, detail, www_authenticate=f'{SIGN_IN}, error="invalid_token"')
