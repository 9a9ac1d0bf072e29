"""Calls of delivery providers."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.endpoints.fields import FromHeader, Input, Output, RawBody
from app.endpoints.row import Endpoint, Who


class ProviderCall(Input):
    """A provider's call with a valid signature; the worker process parses the body."""

    provider: str = Field(description="The name under which its secret is configured.")
    webhook_id: Annotated[str | None, FromHeader("webhook-id")] = None
    body: Annotated[bytes, RawBody()] = Field(default=b"", description="As the provider documents it.")


class Received(Output):
    """The call is stored and need not be sent again."""

    received: bool = Field(description="False: it was received before, and nothing changed.")


ROWS: tuple[Endpoint, ...] = (
    Endpoint(
        "POST", "/webhooks/{provider}", "receive_webhook", ProviderCall, Received,
        who=Who.PROVIDER, idempotent=True,
    ),
)  # fmt: skip
