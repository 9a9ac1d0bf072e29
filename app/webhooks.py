"""Calls of providers: who signed the raw body is settled before anything in it is read.

By Standard Webhooks (id, timestamp within five minutes, HMAC-SHA256, several secrets), or, for gateways that can do no
better, by a secret in the Authorization header. Which it is, the secret itself says: whsec_… signs.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from standardwebhooks.webhooks import Webhook, WebhookVerificationError
from starlette.types import Receive, Scope

from app.intake import read_body
from app.models import ProviderCall
from app.problems import Refusal, refuse
from db import Settings

SIGNED = "whsec_"
WEBHOOK_ID = re.compile(r"[\x21-\x7e]{1,200}")
# Of a body whose provider does not number its calls: the same body again is the same call.
UNNUMBERED = "sha256:"


@dataclass(frozen=True, slots=True)
class Provider:
    """One provider's secrets; two while one is being replaced."""

    signing: tuple[Webhook, ...]
    shared: tuple[bytes, ...]

    @classmethod
    def of(cls, secrets: Sequence[str]) -> Provider:
        return cls(
            tuple(Webhook(secret) for secret in secrets if secret.startswith(SIGNED)),
            tuple(secret.encode() for secret in secrets if not secret.startswith(SIGNED)),
        )

    def accepts(self, headers: Mapping[str, str], body: bytes) -> str | None:
        """The id of the call, if one of the secrets signed it; None if none did, or too long ago."""
        webhook_id = headers.get("webhook-id", "")
        if WEBHOOK_ID.fullmatch(webhook_id) and any(signed(one, headers, body) for one in self.signing):
            return webhook_id
        scheme, _, sent = headers.get("authorization", "").partition(" ")
        told = sent.strip().encode() if scheme.lower() == "bearer" else b""
        # Every secret is compared, so that the time tells nothing of which came near.
        if sum(hmac.compare_digest(told, secret) for secret in self.shared):
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


@dataclass(frozen=True, slots=True)
class Providers:
    """All of them, from the settings."""

    known: Mapping[str, Provider]

    @classmethod
    def of(cls, settings: Settings) -> Providers:
        return cls({name: Provider.of(secrets) for name, secrets in settings.secrets_of_providers.items()})

    async def read(self, scope: Scope, receive: Receive) -> ProviderCall:
        """The call; a Refusal (401) if its provider did not sign it, which is also said of unknown providers."""
        body = await read_body(scope, receive, forms=True)
        name: str = scope["path_params"]["provider"]
        sent: dict[str, str] = {}
        for key, value in scope["headers"]:
            if key.decode("latin-1") in sent and key in SIGNATURE:
                raise unsigned()
            sent[key.decode("latin-1")] = value.decode("latin-1")
        provider = self.known.get(name)
        webhook_id = provider.accepts(sent, body.content) if provider else None
        if webhook_id is None:
            raise unsigned()
        return ProviderCall(provider=name, webhook_id=webhook_id, body=body.content)


SIGNATURE = (b"webhook-id", b"webhook-timestamp", b"webhook-signature", b"authorization")


def unsigned() -> Refusal:
    return refuse(
        401, "The call is not signed by this provider, or too long ago.", www_authenticate='Bearer realm="webhooks"'
    )
