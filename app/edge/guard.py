"""Who may call, how often, and whether it is a repetition: what is settled before a row's own function is called."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import TypeAdapter
from starlette.types import Scope

from app.edge import calls
from app.edge.addresses import Networks, caller_address
from app.edge.calls import Call, Database, Function, Repetition
from app.edge.cursors import Cursors
from app.edge.problems import CHALLENGES, FieldFault, refuse
from app.edge.webhooks import Providers
from app.endpoints.fields import Output
from app.endpoints.table import Endpoint, Who
from app.sign_in import program_tokens
from app.sign_in.access_tokens import SIGN_IN, Bearer, Caller, Program, Tokens
from app.sign_in.flows import Desk
from db import Settings

KEY = re.compile(r'"?([\x21\x23-\x7e]{1,255})"?')


class Bucket(Output):
    """What a token bucket answered."""

    allowed: bool
    remaining: int
    reset_seconds: int
    retry_seconds: int


BUCKET = TypeAdapter(Bucket)


@dataclass(frozen=True, slots=True)
class Guard:
    """Made once, for all rows."""

    database: Database
    desk: Desk
    cursors: Cursors
    providers: Providers
    trusted: Networks
    take_token: Call
    begin: Call
    finish: Call

    @classmethod
    def prepared(cls, settings: Settings, functions: Mapping[str, Function], database: Database) -> Guard:
        keyring = settings.keyring
        challenge = calls.own("begin_admin_login", functions)

        async def ask(login: str, address_key: str) -> bytes:
            return await database.ask(challenge, (login, address_key))

        return cls(
            database,
            Desk(keyring, Tokens.of(settings), ask),
            Cursors(keyring.derived("cursor")),
            Providers.of(settings),
            settings.trusted_proxies,
            *(
                calls.own(name, functions)
                for name in ("consume_allowance", "begin_idempotent_call", "finish_idempotent_call")
            ),
        )

    def address(self, scope: Scope) -> str:
        return caller_address(scope, self.trusted)

    def admitted(self, scope: Scope, who: Who) -> Bearer:
        """Whom the bearer token names; a Refusal: 401 without a good one, 403 for another role."""
        sent = [value for name, value in scope["headers"] if name == b"authorization"]
        scheme, _, token = sent[0].decode("latin-1").partition(" ") if len(sent) == 1 else ("", "", "")
        if scheme.lower() != "bearer" or not token:
            raise refuse(401, "Send a token: Authorization: Bearer …", www_authenticate=SIGN_IN)
        token = token.strip()
        if who is Who.SERVICE and token.startswith(program_tokens.PREFIX):
            return Program(program_tokens.hashed(token))
        caller = self.desk.tokens.read(token)
        if not who.admits(caller.role):
            raise refuse(403, f"This is for the role {who.value}.", **headers_of(403))
        return caller

    async def limited(self, endpoint: Endpoint, scope: Scope, caller: Bearer | None, headers: dict[str, str]) -> None:
        """Takes a token from the row's bucket of this caller or address; a Refusal (429) if there is none."""
        rate = endpoint.rate
        assert rate is not None
        if rate.per == "actor":
            assert caller is not None
            whose = caller.owner
        else:
            whose = self.desk.address_key(self.address(scope))
        bucket = f"{endpoint.function} {whose}"
        left = BUCKET.validate_json(await self.database.ask(self.take_token, (bucket, rate.calls, rate.seconds)))
        headers["ratelimit-policy"] = f'"{endpoint.function}";q={rate.calls};w={rate.seconds}'
        headers["ratelimit"] = f'"{endpoint.function}";r={left.remaining};t={left.reset_seconds}'
        if not left.allowed:
            wait = max(left.retry_seconds, 1)
            raise refuse(429, f"Ask again in {wait} seconds.", retry_after=str(wait))

    def key(self, scope: Scope) -> str | None:
        """The Idempotency-Key, quoted or not; a Refusal (422) for one that is not usable."""
        sent = [value.decode("latin-1").strip() for name, value in scope["headers"] if name == b"idempotency-key"]
        if not sent:
            return None
        found = KEY.fullmatch(sent[0]) if len(sent) == 1 else None
        if found is None:
            detail = "must be one key of 1 to 255 visible ASCII characters"
            raise refuse(422, "Not acceptable: idempotency-key.", FieldFault("idempotency-key", detail))
        return found[1]

    def repetition(self, caller: Caller, key: str, request_hash: bytes, status: int) -> Repetition:
        return Repetition(self.begin, self.finish, caller.session_id, key, request_hash, status)


def headers_of(status: int) -> dict[str, str]:
    """As keywords of `refuse`."""
    return {name.replace("-", "_"): value for name, value in CHALLENGES[status].items()}
