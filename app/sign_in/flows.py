"""What the edge itself does to sign somebody in: whatever needs a key that the database must not have.

A code is drawn, sealed for the worker and sent to SQL as a MAC; refresh tokens are known to SQL only as hashes; access
tokens are made once SQL has opened or carried on a session. Whether anything is allowed is for SQL to say.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import secrets
import time
import unicodedata
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, cast
from uuid import uuid4

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from pydantic_core import from_json, to_json

from app.edge.problems import refuse
from app.endpoints.fields import Input
from app.endpoints.sign_in import AdminLogin, Logout, Refresh, RequestOtp, VerifyOtp
from app.sign_in.access_tokens import SIGN_IN, Caller, Tokens
from db.keyring import Keyring, SealBrokenError

Made = dict[str, Any]

# Names of the derived keys; the worker opens what is sealed for "code".
CODE = "code"
TOTP = "totp"
TOTP_SECONDS = 30

REFRESH_BYTES = 32

#: A few at once: each takes 64 MiB and a core for a tenth of a second, and guessers must not have them all.
HASHING = asyncio.Semaphore(2)
HASHER = PasswordHasher()
# Checked for an unknown login, so that the answer takes as long as for a known one.
NOBODY = HASHER.hash(secrets.token_urlsafe(16))


@dataclass(frozen=True, slots=True)
class Desk:
    """What ceremonies work with."""

    keyring: Keyring
    tokens: Tokens
    # api.begin_admin_login(p_login, p_address_key)
    challenge: Callable[[str, str], Awaitable[bytes]]

    def address_key(self, address: str) -> str:
        """A network address as it is counted: nobody can tell it from the database."""
        return self.keyring.mac("network address", address.encode()).hex()[:32]

    def code_macs(self, request_id: str, address: str, code: str) -> list[bytes]:
        return self.keyring.macs("code of a request", request_id.encode(), address.encode(), code.encode())

    def children(self, token: bytes) -> list[bytes]:
        """The token that takes this one's place; the same if asked again, so that a lost answer can be repeated."""
        return self.keyring.macs("refresh token", token)


class Ceremony(Protocol):
    """`makes`: the arguments it gives to the function; `refuses`: the statuses it answers with by itself."""

    @property
    def makes(self) -> tuple[str, ...]: ...

    @property
    def refuses(self) -> tuple[int, ...]: ...

    @property
    def at_least(self) -> float:
        """Seconds that an answer takes at least, so that its time tells nothing."""
        ...

    async def prepare(self, given: Input, desk: Desk, address: str) -> Made: ...

    def conclude(self, answer: Mapping[str, Any], given: Input, made: Made, desk: Desk) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class CodeRequest:
    """Draws a code."""

    makes: tuple[str, ...] = (
        "request_id", "destination", "destination_mac", "block_mac", "address_mac", "code_mac", "sealed",
    )  # fmt: skip
    refuses: tuple[int, ...] = (429,)
    at_least: float = 0.1

    async def prepare(self, given: Input, desk: Desk, address: str) -> Made:
        asked = cast(RequestOtp, given)
        to = asked.normalised
        request_id = str(uuid4())
        code = f"{secrets.randbelow(10**6):06d}"
        content = to_json({"code": code, "destination": to.address})
        return {
            "request_id": request_id,
            "destination": to.address,
            "destination_mac": desk.keyring.mac("destination", to.address.encode()),
            "block_mac": desk.keyring.mac("block", to.block.encode()) if to.block else None,
            "address_mac": desk.keyring.mac("network address", address.encode()),
            "code_mac": desk.code_macs(request_id, to.address, code)[0],
            "sealed": desk.keyring.seal(CODE, content, request_id.encode()),
        }

    def conclude(self, answer: Mapping[str, Any], given: Input, made: Made, desk: Desk) -> dict[str, Any]:
        told = dict(answer)
        if wait := told.pop("wait_seconds"):
            raise refuse(429, f"Ask again in {wait} seconds.", retry_after=str(wait))
        return told


@dataclass(frozen=True, slots=True)
class CodeCheck:
    """Turns a code into what SQL compares, and a session into tokens."""

    makes: tuple[str, ...] = ("destination", "destination_macs", "code_macs", "refresh_hash")
    refuses: tuple[int, ...] = (401,)
    at_least: float = 0.0

    async def prepare(self, given: Input, desk: Desk, address: str) -> Made:
        tried = cast(VerifyOtp, given)
        to = tried.normalised
        token = secrets.token_bytes(REFRESH_BYTES)
        return {
            "destination": to.address,
            "destination_macs": desk.keyring.macs("destination", to.address.encode()),
            "code_macs": desk.code_macs(str(tried.request_id), to.address, tried.code),
            "refresh_token": token,
            "refresh_hash": hashed(token),
        }

    def conclude(self, answer: Mapping[str, Any], given: Input, made: Made, desk: Desk) -> dict[str, Any]:
        if answer["session"] is None:
            raise refuse(401, "The code is not valid: ask for a new one after five tries.", www_authenticate=SIGN_IN)
        return signed_in(answer["session"], made["refresh_token"], desk)


@dataclass(frozen=True, slots=True)
class Rotation:
    """A refresh token for its child."""

    makes: tuple[str, ...] = ("token_hash", "child_hashes")
    refuses: tuple[int, ...] = (401,)
    at_least: float = 0.0

    async def prepare(self, given: Input, desk: Desk, address: str) -> Made:
        token = decoded(cast(Refresh, given).refresh_token)
        children = desk.children(token)
        return {
            "token_hash": hashed(token),
            "child_hashes": [hashed(child) for child in children],
            "children": children,
        }

    def conclude(self, answer: Mapping[str, Any], given: Input, made: Made, desk: Desk) -> dict[str, Any]:
        if answer["session"] is None:
            raise refuse(401, "The refresh token is not valid: sign in again.", www_authenticate=SIGN_IN)
        place = made["child_hashes"].index(bytes.fromhex(answer["child"]))
        return signed_in(answer["session"], made["children"][place], desk)


@dataclass(frozen=True, slots=True)
class End:
    """A refresh token by its hash."""

    makes: tuple[str, ...] = ("token_hash",)
    refuses: tuple[int, ...] = ()
    at_least: float = 0.0

    async def prepare(self, given: Input, desk: Desk, address: str) -> Made:
        return {"token_hash": hashed(decoded(cast(Logout, given).refresh_token))}

    def conclude(self, answer: Mapping[str, Any], given: Input, made: Made, desk: Desk) -> dict[str, Any]:
        return dict(answer)


@dataclass(frozen=True, slots=True)
class AdminCheck:
    """Password and authenticator code; which of them was wrong is not told."""

    makes: tuple[str, ...] = ("user_id", "password_hash", "totp_step", "rehashed", "refresh_hash")
    refuses: tuple[int, ...] = (401, 429)
    at_least: float = 0.0

    async def prepare(self, given: Input, desk: Desk, address: str) -> Made:
        tried = cast(AdminLogin, given)
        known = from_json(await desk.challenge(tried.login, desk.address_key(address)))
        if wait := known["wait_seconds"]:
            raise refuse(429, f"Too many tries. Ask again in {wait} seconds.", retry_after=str(wait))
        password = normalised(tried.password)
        async with HASHING:
            right = await asyncio.to_thread(matches, known["password_hash"] or NOBODY, password)
        step = None
        if known["user_id"]:
            try:
                secret = desk.keyring.unseal(TOTP, bytes.fromhex(known["sealed_totp"]), tried.login.encode())
            except SealBrokenError:
                raise refuse(401, REFUSED_ADMIN, www_authenticate=SIGN_IN) from None
            step = step_of(secret.decode(), tried.code, time.time())
        if not (right and known["user_id"] and step is not None):
            raise refuse(401, REFUSED_ADMIN, www_authenticate=SIGN_IN)
        token = secrets.token_bytes(REFRESH_BYTES)
        outdated = HASHER.check_needs_rehash(known["password_hash"])
        return {
            "user_id": known["user_id"],
            "password_hash": known["password_hash"],
            "totp_step": step,
            # Stronger parameters of a later version reach everybody at their next sign-in.
            "rehashed": await asyncio.to_thread(HASHER.hash, password) if outdated else None,
            "refresh_token": token,
            "refresh_hash": hashed(token),
        }

    def conclude(self, answer: Mapping[str, Any], given: Input, made: Made, desk: Desk) -> dict[str, Any]:
        if answer["session"] is None:
            raise refuse(401, REFUSED_ADMIN, www_authenticate=SIGN_IN)
        return signed_in(answer["session"], made["refresh_token"], desk)


REFUSED_ADMIN = "Login, password and code do not fit together, or the code was used before."


def normalised(password: str) -> str:
    """The same password typed on another keyboard is the same bytes."""
    return unicodedata.normalize("NFC", password)


def matches(password_hash: str, password: str) -> bool:
    try:
        return HASHER.verify(password_hash, password)
    except (Argon2Error, InvalidHashError):
        return False


def step_of(secret: str, code: str, now: float) -> int | None:
    """The time step whose code this is: the present one, or one beside it, as clocks differ."""
    totp = pyotp.TOTP(secret, interval=TOTP_SECONDS)
    present = int(now) // TOTP_SECONDS
    found = None
    for step in (present - 1, present, present + 1):
        if secrets.compare_digest(totp.generate_otp(step), code):
            found = step
    return found


def signed_in(session: Mapping[str, Any], refresh_token: bytes, desk: Desk) -> dict[str, Any]:
    """What the person gets."""
    seconds: int = session["access_seconds"]
    caller = Caller(session["user_id"], session["session_id"], session["role"])
    return {
        "access_token": desk.tokens.mint(caller, seconds),
        "token_type": "Bearer",
        "expires_in": seconds,
        "refresh_token": base64.urlsafe_b64encode(refresh_token).rstrip(b"=").decode(),
        "refresh_until": session["refresh_until"],
        "session_id": caller.session_id,
        "user_id": caller.user_id,
        "role": caller.role,
    }


def decoded(token: str) -> bytes:
    """The bytes of a refresh token; text that cannot be one becomes bytes that nobody has."""
    try:
        return base64.b64decode(token + "=" * (-len(token) % 4), b"-_", validate=True)
    except ValueError:
        return b""


def hashed(token: bytes) -> bytes:
    return hashlib.sha256(token).digest()
