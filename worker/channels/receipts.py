"""What providers tell by webhook: read by the adapter of that name, or in the one form that any provider may use."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter

from worker.channels.channel import Receipt

Name = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]


class Data(BaseModel):
    """About one message: ours by `message_id`, or the provider's name for it."""

    # A provider may tell more than we asked for; it is neither needed nor kept.
    model_config = ConfigDict(extra="ignore", frozen=True)

    message_id: UUID | None = None
    provider_id: Name | None = None
    event_id: Name | None = None
    happened_at: AwareDatetime | None = None
    is_machine: bool = False
    bounce: Literal["hard", "soft", "mailbox_full", "vacation"] | None = None
    status: Annotated[str, StringConstraints(pattern=r"^[245]\.\d{1,3}\.\d{1,3}$")] | None = None


class Told(BaseModel):
    """The payload that Standard Webhooks recommend: type, timestamp, data; data may be a list."""

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
    data: Data | Annotated[list[Data], Field(max_length=1000)]


TOLD = TypeAdapter(Told)


def standard_receipts(body: bytes, webhook_id: str) -> list[Receipt]:
    """The receipts in a body of the general form. ValueError: it is not of that form."""
    told = TOLD.validate_json(body)
    kind = told.type.removeprefix("message.")
    return [
        Receipt(
            kind,
            data.happened_at or told.timestamp,
            data.event_id or f"{webhook_id}/{place}",
            str(data.message_id) if data.message_id else None,
            None,
            data.provider_id,
            is_machine=data.is_machine,
            detail={name: value for name in ("bounce", "status") if (value := getattr(data, name))},
        )
        for place, data in enumerate(told.data if isinstance(told.data, list) else [told.data])
    ]
