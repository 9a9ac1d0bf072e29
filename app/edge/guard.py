"""Checks before the function of a row is called: authentication, rate limit, Idempotency-Key."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.types import Scope

from app.edge.addresses import Networks, caller_address
from app.edge.calls import Call, Database, IdempotentCall, build_edge_call
from app.edge.cursors import Cursors
from app.edge.functions import ApiFunction
from app.edge.problems import CHALLENGES, FieldFault, refuse
from app.edge.webhooks import Providers
from app.endpoints.fields import Output
from app.endpoints.row import Endpoint, Who
from app.sign_in import program_tokens
from app.sign_in.access_tokens import BEARER_CHALLENGE, AccessTokens, Bearer, Caller, Program
from app.sign_in.context import SignInContext
from db import Settings

KEY = re.compile(r'"?([\x21\x23-\x7e]{1,255})"?')


class Allowance(Output):
    """A rate limit, and what is left of it."""

    allowed: bool
    calls: int
    seconds: int
    remaining: int
    reset_seconds: int
    retry_seconds: int


@dataclass(frozen=True, slots=True)
class Guard:
    """Created once for all rows."""

    database: Database
    sign_in: SignInContext
    cursors: Cursors
    providers: Providers
    trusted: Networks
    consume: Call
    begin: Call
    finish: Call

    @classmethod
    def create(cls, settings: Settings, functions: Mapping[str, ApiFunction], database: Database) -> Guard:
        keyring = settings.keyring
        begin_admin_login = build_edge_call("begin_admin_login", functions)

        async def admin_challenge(login: str, address_key: str) -> bytes:
            return await database.call(begin_admin_login, (login, address_key))

        return cls(
            database,
            SignInContext(keyring, AccessTokens.of(settings), admin_challenge),
            Cursors(keyring.derived("cursor")),
            Providers.of(settings),
            settings.trusted_proxies,
            *(
                build_edge_call(name, functions)
                for name in ("consume_allowance", "begin_idempotent_call", "finish_idempotent_call")
            ),
        )

    def address(self, scope: Scope) -> str:
        return caller_address(scope, self.trusted)

    def authenticate(self, scope: Scope, who: Who) -> Bearer:
        """The owner of the bearer token. A Refusal: 401 without a valid token, 403 for another role."""
        sent = [value for name, value in scope["headers"] if name == b"authorization"]
        scheme, _, token = sent[0].decode("latin-1").partition(" ") if len(sent) == 1 else ("", "", "")
        if scheme.lower() != "bearer" or not token:
            raise refuse(401, "Send a token: Authorization: Bearer …", www_authenticate=BEARER_CHALLENGE)
        token = token.strip()
        if who is Who.PROGRAM and token.startswith(program_tokens.PREFIX):
            return Program(program_tokens.token_hash(token))
        caller = self.sign_in.tokens.read(token)
        if not who.admits(caller.role):
            raise refuse(403, f"This requires the role {who.value}.", **challenge_headers(403))
        return caller

    async def enforce_rate_limit(
        self, endpoint: Endpoint, scope: Scope, caller: Bearer | None, headers: dict[str, str]
    ) -> None:
        """Counts the call for its caller or address; a Refusal (429) if the limit is used up."""
        if endpoint.rate_limit_per == "actor":
            assert caller is not None
            owner = caller.owner
        else:
            owner = self.sign_in.address_key(self.address(scope))
        answer = await self.database.call(self.consume, (endpoint.function, owner))
        left = Allowance.model_validate_json(answer)
        headers["ratelimit-policy"] = f'"{endpoint.function}";q={left.calls};w={left.seconds}'
        headers["ratelimit"] = f'"{endpoint.function}";r={left.remaining};t={left.reset_seconds}'
        if not left.allowed:
            wait = max(left.retry_seconds, 1)
            raise refuse(429, f"Try again in {wait} seconds.", retry_after=str(wait))

    def idempotency_key(self, scope: Scope) -> str | None:
        """The Idempotency-Key, quoted or not; a Refusal (422) for an invalid one."""
        sent = [value.decode("latin-1").strip() for name, value in scope["headers"] if name == b"idempotency-key"]
        if not sent:
            return None
        found = KEY.fullmatch(sent[0]) if len(sent) == 1 else None
        if found is None:
            detail = "must be one key of 1 to 255 visible ASCII characters"
            raise refuse(422, "Not acceptable: idempotency-key.", FieldFault("idempotency-key", detail))
        return found[1]

    def idempotent_call(self, caller: Caller, key: str, request_hash: bytes, status: int) -> IdempotentCall:
        return IdempotentCall(self.begin, self.finish, caller.session_id, key, request_hash, status)


def challenge_headers(status: int) -> dict[str, str]:
    """As keywords of `refuse`."""
    return {name.replace("-", "_"): value for name, value in CHALLENGES[status].items()}
