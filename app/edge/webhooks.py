"""Calls of providers: who signed the raw body is settled before anything in it is read.

By Standard Webhooks (id, timestamp within five minutes, HMAC-SHA256, several secrets), by Meta's X-Hub-Signature-256,
or, for gateways that can do no better, by a secret in the Authorization header. Which it is, the secret itself says.
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
from app.endpoints.link import ProviderCall
from db import Settings

# How a secret begins says what it is for; one without any of these is shared, and sent as it is.
SIGNED = "whsec_"
HUB = "hub_"
VERIFY = "verify_"
KINDS = (SIGNED, HUB, VERIFY)
WEBHOOK_ID = re.compile(r"[\x21-\x7e]{1,200}")
CHALLENGE = re.compile(r"[A-Za-z0-9_.-]{1,200}")
# Of a body whose provider does not number its calls: the same body again is the same call.
UNNUMBERED = "sha256:"
# Meta gathers up to a thousand updates in a call.
HUB_LIMIT = 3 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Provider:
    """One provider's secrets; two while one is being replaced."""

    signing: tuple[Webhook, ...]
    hub: tuple[bytes, ...]
    verify: tuple[bytes, ...]
    shared: tuple[bytes, ...]

    @classmethod
    def of(cls, secrets: Sequence[str]) -> Provider:
        def those(kind: str) -> tuple[bytes, ...]:
            return tuple(secret.removeprefix(kind).encode() for secret in secrets if secret.startswith(kind))

        return cls(
            tuple(Webhook(secret) for secret in secrets if secret.startswith(SIGNED)),
            those(HUB),
            those(VERIFY),
            tuple(secret.encode() for secret in secrets if not secret.startswith(KINDS)),
        )

    @property
    def limit(self) -> int:
        """How large a body may be."""
        return HUB_LIMIT if self.hub else BODY_LIMIT

    def accepts(self, headers: Mapping[str, str], body: bytes) -> str | None:
        """The id of the call, if one of the secrets signed it; None if none did, or too long ago."""
        webhook_id = headers.get("webhook-id", "")
        if WEBHOOK_ID.fullmatch(webhook_id) and any(signed(one, headers, body) for one in self.signing):
            return webhook_id
        scheme, _, sent = headers.get("authorization", "").partition(" ")
        told = sent.strip().encode() if scheme.lower() == "bearer" else b""
        signature = headers.get("x-hub-signature-256", "").encode()
        if is_one_of(told, self.shared) or is_one_of(signature, [hub_signature(one, body) for one in self.hub]):
            return UNNUMBERED + hashlib.sha256(body).hexdigest()
        return None


def signed(secret: Webhook, headers: Mapping[str, str], body: bytes) -> bool:
    """Whether this secret signed the call of this id and instant."""
    try:
        secret.verify(body, dict(headers), json_parse=False)
    except (WebhookVerificationError, ValueError):
        # ValueError: headers or body are of no form that could have been signed.
        return False
    return True


def hub_signature(secret: bytes, body: bytes) -> bytes:
    return b"sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest().encode()


def is_one_of(told: bytes, secrets: Sequence[bytes]) -> bool:
    # Every secret is compared, so that the time tells nothing of which came near.
    return sum(hmac.compare_digest(told, secret) for secret in secrets) > 0


@dataclass(frozen=True, slots=True)
class Providers:
    """All of them, from the settings."""

    known: Mapping[str, Provider]

    @classmethod
    def of(cls, settings: Settings) -> Providers:
        return cls({name: Provider.of(secrets) for name, secrets in settings.secrets_of_providers.items()})

    async def read(self, scope: Scope, receive: Receive) -> ProviderCall:
        """The call; a Refusal (401) if its provider did not sign it, which is also said of unknown providers."""
        name: str = scope["path_params"]["provider"]
        provider = self.known.get(name)
        body = await read_body(scope, receive, forms=True, limit=provider.limit if provider else BODY_LIMIT)
        sent: dict[str, str] = {}
        for key, value in scope["headers"]:
            if key.decode("latin-1") in sent and key in SIGNATURE:
                raise unsigned()
            sent[key.decode("latin-1")] = value.decode("latin-1")
        webhook_id = provider.accepts(sent, body.content) if provider else None
        if webhook_id is None:
            raise unsigned()
        return ProviderCall(provider=name, webhook_id=webhook_id, body=body.content)

    def handshake(self, scope: Scope) -> str:
        """What Meta wants to read before it calls an address: its challenge, if it knows our token; a Refusal (403)."""
        provider = self.known.get(scope["path_params"]["provider"])
        # The first of each counts; whatever else is asked is not for us.
        asked: dict[str, str] = dict(reversed(parse_qsl(scope["query_string"].decode("latin-1"))))
        mode, token, challenge = (asked.get(f"hub.{name}", "") for name in ("mode", "verify_token", "challenge"))
        known = provider is not None and is_one_of(token.encode(), provider.verify)
        if not known or mode != "subscribe" or not CHALLENGE.fullmatch(challenge):
            raise refuse(403, "This is not a subscription that we asked for.")
        return challenge


SIGNATURE = (b"webhook-id", b"webhook-timestamp", b"webhook-signature", b"authorization", b"x-hub-signature-256")


def unsigned() -> Refusal:
    return refuse(
        401, "The call is not signed by this provider, or too long ago.", www_authenticate='Bearer realm="webhooks"'
    )
