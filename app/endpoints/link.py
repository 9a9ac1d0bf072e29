"""Links in messages: the pre-filled booking, and withdrawing consent. Both need no sign-in."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from app.endpoints.fields import (
    Channel,
    Input,
    Instant,
    Language,
    LinkKey,
    Output,
    Poisha,
    Purpose,
    UserAgent,
)
from app.endpoints.market import AddOn, Booking, LinkedService
from app.endpoints.row import Endpoint, Page


class LinkToken(Input):
    """A link is opened by its key alone, without sign-in."""

    token: LinkKey


class OfferedAddOn(AddOn):
    """An add-on of the linked service."""

    suggested: bool = Field(description="True for those offered in the message.")


class Utm(Output):
    """Where the visitor came from, for web analytics. No personal data."""

    utm_source: str
    utm_medium: Channel
    utm_campaign: str
    utm_content: str | None = Field(default=None, description="Id of the template.")


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
    utm: Utm | None = Field(description="Null once booked. A browser is redirected to the address that carries it.")


class Book(LinkToken):
    """What the person chose; a field that is left out means as suggested."""

    scheduled_at: Instant | None = Field(default=None, description="Start of the visit; default: as suggested.")
    add_on_ids: Annotated[list[UUID], Field(max_length=20)] | None = Field(
        default=None, description="Add-ons; default: those suggested; an empty list: none."
    )


class Click(LinkToken):
    """Sent by the page once it is visible to a person."""

    agent: UserAgent = None


class Recorded(Output):
    """Whether anything was recorded."""

    recorded: bool


class StopPage(Output):
    """What the link would stop."""

    language: Language
    channel: Channel
    purpose: Purpose
    active: bool = Field(description="False once withdrawn.")


class Stopped(Output):
    """The consent is withdrawn."""

    language: Language
    channel: Channel
    purpose: Purpose
    withdrawn: Literal[True]


ROWS: tuple[Endpoint, ...] = (
    Endpoint(
        "GET", "/l/{token}", "link", LinkToken, Link,
        errors=("SH404", "SH410"), page=Page("link.html", query_fields="utm"),
    ),
    Endpoint(
        "POST", "/l/{token}/book", "book_link", Book, Booking,
        idempotent=True, errors=("SH404", "SH410", "SH422"), page=Page(see_other="/l/{token}#thanks"),
    ),
    # Not idempotent: every view is recorded, and SQL decides what it counts for.
    Endpoint("POST", "/l/{token}/click", "click_link", Click, Recorded, errors=("SH404",)),
    Endpoint(
        "GET", "/u/{token}", "stop_page", LinkToken, StopPage,
        errors=("SH404", "SH410"), page=Page("stop.html"),
    ),
    # Mail programs send List-Unsubscribe=One-Click (RFC 8058) in various encodings; the key alone decides.
    Endpoint(
        "POST", "/u/{token}", "stop", LinkToken, Stopped,
        idempotent=True, errors=("SH404", "SH410"), page=Page("stopped.html"), ignores_body=True,
    ),
)  # fmt: skip
