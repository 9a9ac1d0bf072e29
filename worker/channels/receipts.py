"""Receipts in the form that any provider may use: calls by Standard Webhooks."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter

from worker.channels.channel import Receipt

Name = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]


class MessageEvent(BaseModel):
    """An event of one message: `message_id` is our id, `provider_id` the provider's name for it."""

    # Further fields are neither read nor stored.
    model_config = ConfigDict(extra="ignore", frozen=True)

    message_id: UUID | None = None
    provider_id: Name | None = None
    event_id: Name | None = None
    happened_at: AwareDatetime | None = None
    is_machine: bool = False
    bounce: Literal["hard", "soft", "mailbox_full", "vacation"] | None = None
    status: Annotated[str, StringConstraints(pattern=r"^[245]\.\d{1,3}\.\d{1,3}$")] | None = None


class StandardWebhook(BaseModel):
    """The payload that Standard Webhooks recommend: type, timestamp, data (one event or a list)."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    type: Literal[
        "message.sent",
        "message.delivered",
        "message.opened",
        "message.clicked",
        "message.bounced",
        "message.complained",
    ]
    timestamp: AwareDatetime
    data: MessageEvent | Annotated[list[MessageEvent], Field(max_length=1000)]


STANDARD_WEBHOOK = TypeAdapter(StandardWebhook)


def standard_receipts(body: bytes, webhook_id: str) -> list[Receipt]:
    """The receipts in a body. ValueError if it is not of this form."""
    call = STANDARD_WEBHOOK.validate_json(body)
    kind = call.type.removeprefix("message.")
    return [
        Receipt(
            kind,
            data.happened_at or call.timestamp,
            data.event_id or f"{webhook_id}/{place}",
            str(data.message_id) if data.message_id else None,
            None,
            data.provider_id,
            is_machine=data.is_machine,
            detail={name: value for name in ("bounce", "status") if (value := getattr(data, name))},
        )
        for place, data in enumerate(call.data if isinstance(call.data, list) else [call.data])
    ]
