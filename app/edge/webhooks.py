"""Calls of providers. The signature of the raw body is verified before the body is parsed.

Three schemes: Standard Webhooks (id, timestamp within five minutes, HMAC-SHA256, several secrets); Meta's
X-Hub-Signature-256; for gateways without signatures, a shared secret in the Authorization header. The prefix of a
configured secret selects the scheme.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from standardwebhooks.webhooks import Webhook, WebhookVerificationError
from starlette.types import Receive, Scope

from app.edge.intake import BODY_LIMIT, read_body
from app.edge.problems import Refusal, refuse
from app.endpoints.operations import ProviderCall
from db import Settings

# Prefixes of secrets. A secret without one is shared: the provider sends it as it is.
SIGNED = "whsec_"
HUB = "hub_"
VERIFY = "verify_"
KINDS = (SIGNED, HUB, VERIFY)
# Headers that a signature consists of; repeated, they are ambiguous.
SIGNATURE_HEADERS = (
    b"webhook-id",
    b"webhook-timestamp",
    b"webhook-signature",
    b"authorization",
    b"x-hub-signature-256",
)
WEBHOOK_ID = re.compile(r"[\x21-\x7e]{1,200}")
CHALLENGE = re.compile(r"[A-Za-z0-9_.-]{1,200}")
# Id of a call whose provider sends no id: the same body is the same call.
BODY_ID_PREFIX = "sha256:"
# Meta sends up to a thousand updates in one call.
HUB_LIMIT = 3 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Provider:
    """The secrets of one provider; two of a kind while one is being replaced."""

    signing: tuple[Webhook, ...]
    hub: tuple[bytes, ...]
    verify: tuple[bytes, ...]
    shared: tuple[bytes, ...]

    @classmethod
    def of(cls, secrets: Sequence[str]) -> Provider:
        def with_prefix(prefix: str) -> tuple[bytes, ...]:
            return tuple(secret.removeprefix(prefix).encode() for secret in secrets if secret.startswith(prefix))

        return cls(
            tuple(Webhook(secret) for secret in secrets if secret.startswith(SIGNED)),
            with_prefix(HUB),
            with_prefix(VERIFY),
            tuple(secret.encode() for secret in secrets if not secret.startswith(KINDS)),
        )

    @property
    def limit(self) -> int:
        """Maximum size of a body, in bytes."""
        return HUB_LIMIT if self.hub else BODY_LIMIT

    def accepts(self, headers: Mapping[str, str], body: bytes) -> str | None:
        """The id of the call if a secret signed it; None if none did, or the signature is too old."""
        webhook_id = headers.get("webhook-id", "")
        if WEBHOOK_ID.fullmatch(webhook_id) and any(is_signed_by(one, headers, body) for one in self.signing):
            return webhook_id
        scheme, _, sent = headers.get("authorization", "").partition(" ")
        bearer = sent.strip().encode() if scheme.lower() == "bearer" else b""
        signature = headers.get("x-hub-signature-256", "").encode()
        if is_one_of(bearer, self.shared) or is_one_of(signature, [hub_signature(one, body) for one in self.hub]):
            return BODY_ID_PREFIX + hashlib.sha256(body).hexdigest()
        return None


def is_signed_by(secret: Webhook, headers: Mapping[str, str], body: bytes) -> bool:
    """Whether this secret signed the call with this id and timestamp."""
    try:
        secret.verify(body, dict(headers), json_parse=False)
    except (WebhookVerificationError, ValueError):
        # ValueError: headers or body cannot be signed at all.
        return False
    return True


def hub_signature(secret: bytes, body: bytes) -> bytes:
    return b"sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest().encode()


def is_one_of(given: bytes, secrets: Sequence[bytes]) -> bool:
    # Compares with every secret, so that the time does not reveal which one matches.
    return sum(hmac.compare_digest(given, secret) for secret in secrets) > 0


@dataclass(frozen=True, slots=True)
class Providers:
    """All configured providers."""

    known: Mapping[str, Provider]

    @classmethod
    def of(cls, settings: Settings) -> Providers:
        return cls({name: Provider.of(secrets) for name, secrets in settings.secrets_of_providers.items()})

    async def read(self, scope: Scope, receive: Receive) -> ProviderCall:
        """The call; a Refusal (401) if the provider is unknown or its signature is invalid."""
        name: str = scope["path_params"]["provider"]
        provider = self.known.get(name)
        body = await read_body(scope, receive, forms=True, limit=provider.limit if provider else BODY_LIMIT)
        sent: dict[str, str] = {}
        for key, value in scope["headers"]:
            if key.decode("latin-1") in sent and key in SIGNATURE_HEADERS:
                raise unsigned_call()
            sent[key.decode("latin-1")] = value.decode("latin-1")
        webhook_id = provider.accepts(sent, body.content) if provider else None
        if webhook_id is None:
            raise unsigned_call()
        return ProviderCall(provider=name, webhook_id=webhook_id, body=body.content)

    def handshake(self, scope: Scope) -> str:
        """The challenge that Meta expects back before it calls an address; a Refusal (403) without our verify token."""
        provider = self.known.get(scope["path_params"]["provider"])
        # Of repeated parameters the first counts; unknown ones are ignored.
        query: dict[str, str] = dict(reversed(parse_qsl(scope["query_string"].decode("latin-1"))))
        mode, token, challenge = (query.get(f"hub.{name}", "") for name in ("mode", "verify_token", "challenge"))
        known = provider is not None and is_one_of(token.encode(), provider.verify)
        if not known or mode != "subscribe" or not CHALLENGE.fullmatch(challenge):
            raise refuse(403, "The handshake is not valid for this provider.")
        return challenge


def unsigned_call() -> Refusal:
    return refuse(
        401, "The provider's signature is missing, invalid or too old.", www_authenticate='Bearer realm="webhooks"'
    )
