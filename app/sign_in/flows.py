"""Sign-in flows: work of the edge before and after a call, with keys that the database must not have.

One-time codes are generated here, sealed for the worker process, and sent to SQL as MACs. SQL knows refresh tokens only as
hashes. Access tokens are issued after SQL has opened or continued a session. Every decision is made in SQL.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import secrets
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from uuid import uuid4

import pyotp
from pydantic_core import from_json, to_json

from app.edge.problems import refuse
from app.endpoints.fields import Input
from app.sign_in.access_tokens import BEARER_CHALLENGE, Caller
from app.sign_in.context import EdgeArguments, SignInContext
from app.sign_in.passwords import DUMMY_HASH, HASHER, HASHING_SLOTS, normalize_password, password_matches
from db.keyring import ONE_TIME_CODE, SealBrokenError

if TYPE_CHECKING:
    from app.endpoints.sign_in import AdminLogin, Logout, Refresh, RequestOtp, VerifyOtp

InputT = TypeVar("InputT", bound=Input, contravariant=True)

# Name of a derived key.
TOTP = "totp"
TOTP_SECONDS = 30

REFRESH_BYTES = 32
ADMIN_LOGIN_REFUSED = "Login, password or code is wrong, or the code was used before."


class SignInFlow(Protocol[InputT]):
    """Work before and after the call of one row."""

    # Arguments of the function that `prepare` computes.
    edge_arguments: tuple[str, ...]
    # Statuses that the flow itself answers with.
    refusal_statuses: tuple[int, ...] = ()
    # Minimum duration of an answer, so that its time reveals nothing.
    minimum_seconds: float = 0.0

    async def prepare(self, given: InputT, context: SignInContext, address: str) -> EdgeArguments:
        """The edge arguments, and what `conclude` needs of them; a Refusal ends the flow."""
        ...

    def conclude(self, answer: Mapping[str, Any], computed: EdgeArguments, context: SignInContext) -> dict[str, Any]:
        """The answer to the caller, from the answer of the function."""
        ...


class CodeRequestFlow(SignInFlow["RequestOtp"]):
    """Generates a code."""

    edge_arguments = (
        "request_id", "destination", "destination_mac", "block_mac", "address_mac", "code_mac", "sealed",
    )  # fmt: skip
    refusal_statuses = (429,)
    minimum_seconds = 0.1

    async def prepare(self, given: RequestOtp, context: SignInContext, address: str) -> EdgeArguments:
        to = given.normalized
        request_id = str(uuid4())
        code = f"{secrets.randbelow(10**6):06d}"
        content = to_json({"code": code, "destination": to.address})
        keyring = context.keyring
        return {
            "request_id": request_id,
            "destination": to.address,
            "destination_mac": keyring.mac("destination", to.address.encode()),
            "block_mac": keyring.mac("block", to.block.encode()) if to.block else None,
            "address_mac": keyring.mac("network address", address.encode()),
            "code_mac": context.code_macs(request_id, to.address, code)[0],
            "sealed": keyring.seal(ONE_TIME_CODE, content, request_id.encode()),
        }

    def conclude(self, answer: Mapping[str, Any], computed: EdgeArguments, context: SignInContext) -> dict[str, Any]:
        shown = dict(answer)
        if wait := shown.pop("wait_seconds"):
            raise refuse(429, f"Try again in {wait} seconds.", retry_after=str(wait))
        return shown


class CodeCheckFlow(SignInFlow["VerifyOtp"]):
    """Computes the MACs of a code, and issues the tokens of the session."""

    edge_arguments = ("destination", "destination_macs", "code_macs", "refresh_hash")
    refusal_statuses = (401,)

    async def prepare(self, given: VerifyOtp, context: SignInContext, address: str) -> EdgeArguments:
        to = given.normalized
        token = secrets.token_bytes(REFRESH_BYTES)
        return {
            "destination": to.address,
            "destination_macs": context.keyring.macs("destination", to.address.encode()),
            "code_macs": context.code_macs(str(given.request_id), to.address, given.code),
            "refresh_token": token,
            "refresh_hash": refresh_token_hash(token),
        }

    def conclude(self, answer: Mapping[str, Any], computed: EdgeArguments, context: SignInContext) -> dict[str, Any]:
        if answer["session"] is None:
            detail = "The code is not valid. After five attempts, request a new one."
            raise refuse(401, detail, www_authenticate=BEARER_CHALLENGE)
        return session_tokens(answer["session"], computed["refresh_token"], context)


class RefreshFlow(SignInFlow["Refresh"]):
    """Exchanges a refresh token for its successor."""

    edge_arguments = ("token_hash", "child_hashes")
    refusal_statuses = (401,)

    async def prepare(self, given: Refresh, context: SignInContext, address: str) -> EdgeArguments:
        token = decode_refresh_token(given.refresh_token)
        successors = context.successor_tokens(token)
        return {
            "token_hash": refresh_token_hash(token),
            "child_hashes": [refresh_token_hash(successor) for successor in successors],
            "successors": successors,
        }

    def conclude(self, answer: Mapping[str, Any], computed: EdgeArguments, context: SignInContext) -> dict[str, Any]:
        if answer["session"] is None:
            raise refuse(401, "The refresh token is not valid: sign in again.", www_authenticate=BEARER_CHALLENGE)
        place = computed["child_hashes"].index(bytes.fromhex(answer["child"]))
        return session_tokens(answer["session"], computed["successors"][place], context)


class LogoutFlow(SignInFlow["Logout"]):
    """Hashes a refresh token."""

    edge_arguments = ("token_hash",)

    async def prepare(self, given: Logout, context: SignInContext, address: str) -> EdgeArguments:
        return {"token_hash": refresh_token_hash(decode_refresh_token(given.refresh_token))}

    def conclude(self, answer: Mapping[str, Any], computed: EdgeArguments, context: SignInContext) -> dict[str, Any]:
        return dict(answer)


class AdminLoginFlow(SignInFlow["AdminLogin"]):
    """Verifies password and authenticator code. The answer does not reveal which of them was wrong."""

    edge_arguments = ("user_id", "password_hash", "totp_step", "rehashed", "refresh_hash")
    refusal_statuses = (401, 429)

    async def prepare(self, given: AdminLogin, context: SignInContext, address: str) -> EdgeArguments:
        known = from_json(await context.admin_challenge(given.login, context.address_key(address)))
        if wait := known["wait_seconds"]:
            raise refuse(429, f"Too many attempts. Try again in {wait} seconds.", retry_after=str(wait))
        password = normalize_password(given.password)
        async with HASHING_SLOTS:
            matches = await asyncio.to_thread(password_matches, known["password_hash"] or DUMMY_HASH, password)
        step = None
        if known["user_id"]:
            try:
                secret = context.keyring.unseal(TOTP, bytes.fromhex(known["sealed_totp"]), given.login.encode())
            except SealBrokenError:
                raise refuse(401, ADMIN_LOGIN_REFUSED, www_authenticate=BEARER_CHALLENGE) from None
            step = matching_totp_step(secret.decode(), given.code, time.time())
        if not (matches and known["user_id"] and step is not None):
            raise refuse(401, ADMIN_LOGIN_REFUSED, www_authenticate=BEARER_CHALLENGE)
        token = secrets.token_bytes(REFRESH_BYTES)
        outdated = HASHER.check_needs_rehash(known["password_hash"])
        return {
            "user_id": known["user_id"],
            "password_hash": known["password_hash"],
            "totp_step": step,
            # Stronger parameters of a later version are applied at the next sign-in.
            "rehashed": await asyncio.to_thread(HASHER.hash, password) if outdated else None,
            "refresh_token": token,
            "refresh_hash": refresh_token_hash(token),
        }

    def conclude(self, answer: Mapping[str, Any], computed: EdgeArguments, context: SignInContext) -> dict[str, Any]:
        if answer["session"] is None:
            raise refuse(401, ADMIN_LOGIN_REFUSED, www_authenticate=BEARER_CHALLENGE)
        return session_tokens(answer["session"], computed["refresh_token"], context)


def matching_totp_step(secret: str, code: str, now: float) -> int | None:
    """The time step of this code: the present one or an adjacent one, because clocks differ. None: no match."""
    totp = pyotp.TOTP(secret, interval=TOTP_SECONDS)
    present = int(now) // TOTP_SECONDS
    found = None
    for step in (present - 1, present, present + 1):
        if secrets.compare_digest(totp.generate_otp(step), code):
            found = step
    return found


def session_tokens(session: Mapping[str, Any], refresh_token: bytes, context: SignInContext) -> dict[str, Any]:
    """The answer to a successful sign-in."""
    seconds: int = session["access_seconds"]
    caller = Caller(session["user_id"], session["session_id"], session["role"])
    return {
        "access_token": context.tokens.issue(caller, seconds),
        "token_type": "Bearer",
        "expires_in": seconds,
        "refresh_token": base64.urlsafe_b64encode(refresh_token).rstrip(b"=").decode(),
        "refresh_until": session["refresh_until"],
        "session_id": caller.session_id,
        "user_id": caller.user_id,
        "role": caller.role,
    }


def decode_refresh_token(token: str) -> bytes:
    """The bytes of a refresh token. Invalid text becomes empty bytes, which match no token."""
    try:
        return base64.b64decode(token + "=" * (-len(token) % 4), b"-_", validate=True)
    except ValueError:
        return b""


def refresh_token_hash(token: bytes) -> bytes:
    return hashlib.sha256(token).digest()
