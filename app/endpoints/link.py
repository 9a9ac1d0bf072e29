"""Inputs and outputs of the endpoints, in the order of the table."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from app.endpoints.fields import Agent, EdgeOnly, FromHeader, Input, Instant, Output, Poisha, RawBody, Token

Language = Literal["bn", "en"]
Channel = Literal["email", "sms", "whatsapp", "push", "in_app"]
Purpose = Literal["outreach", "coaching", "voice"]


class Nothing(Input):
    """No input."""


class AddOn(Output):
    """An extra of one service."""

    add_on_id: UUID
    code: str = Field(description="Id in the marketplace that the data came from; stable.")
    name_bn: str
    name_en: str
    price_poisha: Poisha


class Service(Output):
    """What can be booked, with its extras."""

    service_id: UUID
    code: str = Field(description="Id in the marketplace that the data came from; stable.")
    category: str
    name_bn: str
    name_en: str
    price_poisha: Poisha
    duration_minutes: int
    add_ons: list[AddOn]


class Services(Output):
    """The catalogue."""

    items: list[Service]


class LinkToken(Input):
    """A link is opened by its token alone; the person need not sign in."""

    token: Token


class LinkedService(Output):
    """The service that the message was about."""

    service_id: UUID
    code: str
    category: str
    name_bn: str
    name_en: str
    price_poisha: Poisha
    duration_minutes: int


class OfferedAddOn(AddOn):
    """An extra that can be added to this booking."""

    suggested: bool = Field(description="True for those offered in the message.")


class Booking(Output):
    """A booking as its customer sees it."""

    booking_id: UUID
    service_id: UUID
    status: Literal["pending", "confirmed", "in_progress", "completed", "cancelled"]
    scheduled_at: AwareDatetime
    created_at: AwareDatetime
    price_poisha: Poisha
    add_on_ids: list[UUID]


class Utm(Output):
    """Where the visitor came from, by the names that web analytics know; nothing of the person."""

    utm_source: str
    utm_medium: Channel
    utm_campaign: str
    utm_content: str | None = Field(default=None, description="Id of the text.")


class Link(Output):
    """A pre-filled booking."""

    status: Literal["open", "booked"]
    language: Language
    greeting: str = Field(description="The line that addresses the person.")
    service: LinkedService
    suggested_at: AwareDatetime
    add_ons: list[OfferedAddOn]
    price_poisha: Poisha = Field(description="Service and suggested add-ons together.")
    book_until: AwareDatetime
    booking: Booking | None = Field(description="The booking made through this link; null while there is none.")
    utm: Utm | None = Field(description="Null once it is booked. A browser is sent on to the address that has it.")


class Book(LinkToken):
    """What the person chose; whatever is left out is taken as suggested."""

    scheduled_at: Instant | None = Field(default=None, description="Begin of the visit; default: as suggested.")
    add_on_ids: Annotated[list[UUID], Field(max_length=20)] | None = Field(
        default=None, description="Add-ons wanted; default: those suggested; an empty list: none."
    )


class Click(LinkToken):
    """Sent by the page once a person sees it."""

    agent: Agent = None


class Recorded(Output):
    """Whether anything was noted."""

    recorded: bool


class StopPage(Output):
    """What the link would stop."""

    language: Language
    channel: Channel
    purpose: Purpose
    active: bool = Field(description="False once withdrawn.")


class Stop(LinkToken):
    """Mail programs add the field of RFC 8058; the token alone says everything."""

    one_click: Annotated[
        Literal["One-Click"] | None, EdgeOnly("RFC 8058 sends it; the token says what to withdraw")
    ] = Field(default=None, alias="List-Unsubscribe")


class Stopped(Output):
    """The consent is withdrawn."""

    language: Language
    channel: Channel
    purpose: Purpose
    withdrawn: Literal[True]


class ProviderCall(Input):
    """A provider's call, its signature checked; the worker reads the body."""

    provider: str = Field(description="The name under which its secret is configured.")
    webhook_id: Annotated[str | None, FromHeader("webhook-id")] = None
    body: Annotated[bytes, RawBody()] = Field(default=b"", description="As the provider documents it.")


class Received(Output):
    """The call is taken; it need not be sent again."""

    received: bool = Field(description="False: it was received before, and nothing happened.")
