"""Access tokens (JWT): issued after SQL has opened a session, and verified with every parameter pinned."""

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
TOKEN_TYPE = "at+jwt"
# Maximum difference between the clocks of several machines.
LEEWAY_SECONDS = 5
CACHE_SIZE = 4096
MAX_TOKEN_LENGTH = 2048

BEARER_CHALLENGE = 'Bearer realm="shokti"'


@dataclass(frozen=True, slots=True)
class Caller:
    """The person in an access token. SQL checks at every call that the session has not ended."""

    user_id: str
    session_id: str
    role: str

    @property
    def owner(self) -> str:
        """Key of the caller for cursors and rate limits."""
        return self.user_id

    @property
    def arguments(self) -> dict[str, Any]:
        return {"actor": self.session_id}


@dataclass(frozen=True, slots=True)
class Program:
    """One of our own programs, by its token. SQL checks the token at every call."""

    token_hash: bytes
    role: str = "program"

    @property
    def owner(self) -> str:
        return self.token_hash.hex()

    @property
    def arguments(self) -> dict[str, Any]:
        return {"token_hash": self.token_hash}


Bearer = Caller | Program


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key and its id in the header of tokens."""

    kid: str
    signs: Any = field(repr=False)
    verifies: Any = field(repr=False)


@dataclass(frozen=True, slots=True)
class AccessTokens:
    """Signs with the first key and verifies with all. A token cannot choose its algorithm, issuer, audience or type."""

    algorithm: str
    issuer: str
    keys: Mapping[str, SigningKey]
    # A token is used for many calls, and its signature is verified once.
    _verified: dict[str, tuple[Caller, float]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, settings: Settings) -> AccessTokens:
        if settings.shokti_token_algorithm == "HS256":
            shared = [SigningKey(key_id(secret), secret, secret) for secret in settings.keyring.derived("access token")]
            return cls("HS256", settings.public_url, {key.kid: key for key in shared})
        pairs = [ed25519_key(signing_key(text.get_secret_value())) for text in settings.shokti_signing_keys]
        return cls("EdDSA", settings.public_url, {key.kid: key for key in pairs})

    def issue(self, caller: Caller, seconds: int) -> str:
        """A token for the session, valid for so many seconds."""
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
        return jwt.encode(claims, key.signs, self.algorithm, {"typ": TOKEN_TYPE, "kid": key.kid})

    def read(self, token: str) -> Caller:
        """The caller; a Refusal (401) for an invalid token."""
        if known := self._verified.get(token):
            caller, until = known
            if until > time.time():
                return caller
            del self._verified[token]
        caller, until = self._verify(token)
        if len(self._verified) >= CACHE_SIZE:
            self._verified.clear()
        self._verified[token] = (caller, until)
        return caller

    def _verify(self, token: str) -> tuple[Caller, float]:
        if len(token) > MAX_TOKEN_LENGTH:
            raise invalid_token()
        try:
            header = jwt.get_unverified_header(token)
            kid = header.get("kid")
            key = self.keys.get(kid) if isinstance(kid, str) else None
            if key is None or header.get("typ") != TOKEN_TYPE:
                raise invalid_token()
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
            raise invalid_token("The access token has expired: use the refresh token.") from None
        except (jwt.PyJWTError, ValueError, TypeError, AttributeError):
            raise invalid_token() from None
        return caller, float(claims["exp"]) + LEEWAY_SECONDS

    def key_set(self) -> bytes:
        """The public keys (RFC 7517); empty with a shared secret."""
        public = [
            {
                "kty": "OKP",
                "crv": "Ed25519",
                "use": "sig",
                "alg": "EdDSA",
                "kid": key.kid,
                "x": public_key_x(key.verifies),
            }
            for key in self.keys.values()
            if isinstance(key.verifies, Ed25519PublicKey)
        ]
        return json.dumps({"keys": public}).encode()


def ed25519_key(private: Ed25519PrivateKey) -> SigningKey:
    """The key under its thumbprint (RFC 7638), so that its id needs no setting."""
    public = private.public_key()
    thumb = json.dumps({"crv": "Ed25519", "kty": "OKP", "x": public_key_x(public)}, separators=(",", ":"))
    return SigningKey(unpadded(hashlib.sha256(thumb.encode()).digest()), private, public)


def public_key_x(public: Ed25519PublicKey) -> str:
    return unpadded(public.public_bytes(Encoding.Raw, PublicFormat.Raw))


def key_id(secret: bytes) -> str:
    return unpadded(hashlib.sha256(b"kid" + secret).digest()[:12])


def unpadded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def invalid_token(detail: str = "The access token is not valid here.") -> Refusal:
    return refuse(401, detail, www_authenticate=f'{BEARER_CHALLENGE}, error="invalid_token"')
