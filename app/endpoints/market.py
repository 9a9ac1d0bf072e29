"""Inputs and outputs of bookings, jobs, app events and the messages that a customer got."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, PlainSerializer, StringConstraints
from pydantic_core import to_json

from app.endpoints.fields import FromHeader, Input, Instant, Output, Poisha, WithoutNul

BookingStatus = Literal["pending", "confirmed", "in_progress", "completed", "cancelled"]
CancelledBy = Literal["customer", "worker", "admin"]

# Needed, but not for a pattern to miss: SQL answers 428 where it was not sent.
IfMatch = Annotated[str | None, FromHeader("if-match")]
# Where a list goes on; whether it is one of ours is for its signature to say, not for a pattern.
Cursor = Annotated[str, StringConstraints(min_length=1, max_length=1024)]
Limit = Annotated[int, Field(ge=1, le=200, description="Most items of a page.")]


def as_json(items: list[Any]) -> Any:
    """Checked here, read in SQL: as text, for the argument is jsonb."""
    return to_json(items).decode()


def _whole(number: Any) -> Any:
    """5.0 is a whole number in JSON Schema, and some languages write it so."""
    return int(number) if isinstance(number, float) and number.is_integer() else number


def _unsaid() -> Any:
    """The field was left out, which no caller can say by a value."""
    return None


def one_of_each(words: str) -> str:
    """A pattern for one word or several of these, separated by commas."""
    return f"^({words})(,({words}))*$"


class PageOf(Input):
    """Which part of a list is wanted."""

    cursor: Cursor | None = Field(default=None, description="next_cursor of the page before; default: the beginning.")
    limit: Limit = 20


class NewBooking(Input):
    """What is wanted, and when."""

    service_id: UUID
    scheduled_at: Instant = Field(description="Begin of the visit, within the next 180 days.")
    add_on_ids: Annotated[list[UUID], Field(max_length=20)] = Field(default=[], description="Extras of the service.")


class BookingId(Input):
    """Which booking."""

    booking_id: UUID


class BookingsOf(PageOf):
    """Which bookings are wanted."""

    status: (
        Annotated[
            str,
            StringConstraints(max_length=100, pattern=one_of_each("pending|confirmed|in_progress|completed|cancelled")),
        ]
        | None
    ) = Field(default=None, description="One status or several, separated by commas; default: any.")


class CancelBooking(BookingId):
    """Why the customer cancels."""

    reason: Literal["changed_plans", "wrong_time", "no_longer_needed", "found_another", "worker_late", "other"]


class ReviewBooking(BookingId):
    """The customer's word on a visit."""

    rating: Annotated[int, BeforeValidator(_whole), Field(ge=1, le=5)]
    body: Annotated[str, StringConstraints(max_length=2000), WithoutNul()] | None = Field(
        default=None, description="In the customer's words; read by people only."
    )


class Review(Output):
    """The customer's word on a visit."""

    booking_id: UUID
    rating: int
    body: str | None
    created_at: AwareDatetime


class CustomerBooking(Output):
    """A booking with its whole life."""

    booking_id: UUID
    service_id: UUID
    status: BookingStatus
    source: Literal["app", "link", "import", "admin"]
    created_at: AwareDatetime
    scheduled_at: AwareDatetime
    ends_at: AwareDatetime = Field(description="Planned end.")
    confirmed_at: AwareDatetime | None
    arrived_at: AwareDatetime | None
    started_at: AwareDatetime | None
    completed_at: AwareDatetime | None
    cancelled_at: AwareDatetime | None
    cancelled_by: CancelledBy | None
    cancel_reason: str | None
    worker_name: str | None
    price_poisha: Poisha
    add_on_ids: list[UUID]
    review: Review | None


class CustomerBookings(Output):
    """A page of bookings."""

    items: list[CustomerBooking]
    next_cursor: str | None = Field(description="Leads to the next page; null: that was all.")


class JobsOf(PageOf):
    """Which jobs are wanted."""

    status: Annotated[
        str, StringConstraints(max_length=100, pattern=one_of_each("open|upcoming|active|completed|cancelled"))
    ] = Field(default="upcoming,active", description="One status or several, separated by commas.")


class CancelJob(BookingId):
    """Why the worker gives a job up."""

    reason: Literal["sick", "family", "safety", "customer_unavailable", "wrong_address", "transport", "other"]


class JobService(Output):
    """What is to be done."""

    service_id: UUID
    code: str
    category: str
    name_bn: str
    name_en: str


class JobAddOn(Output):
    """An extra that was booked."""

    add_on_id: UUID
    code: str
    name_bn: str
    name_en: str


class Job(Output):
    """A booking as its worker sees it."""

    booking_id: UUID
    status: BookingStatus
    service: JobService
    add_ons: list[JobAddOn]
    scheduled_at: AwareDatetime
    ends_at: AwareDatetime
    price_poisha: Poisha
    customer_name: str | None = Field(description="While the worker is to go there; null before and after.")
    confirmed_at: AwareDatetime | None
    arrived_at: AwareDatetime | None
    started_at: AwareDatetime | None
    completed_at: AwareDatetime | None
    cancelled_at: AwareDatetime | None
    cancelled_by: CancelledBy | None
    cancel_reason: str | None


class Jobs(Output):
    """A page of jobs."""

    items: list[Job]
    next_cursor: str | None = Field(description="Leads to the next page; null: that was all.")


Name = Annotated[str, StringConstraints(pattern="^[a-z][a-z0-9_]{0,39}$")]
Words = Annotated[str, StringConstraints(max_length=200), WithoutNul()]
# Beyond it a number is no longer the same in every language that reads JSON.
Whole = Annotated[int, Field(ge=-(2**53), le=2**53)]
Real = Annotated[float, Field(allow_inf_nan=False)]


class AppEvent(Input):
    """Something that the person did in the app."""

    event_id: UUID = Field(description="Made by the app; told again, it is the same event.")
    kind: Name
    happened_at: Instant = Field(description="By the phone's clock.")
    properties: Annotated[dict[Name, Words | bool | Whole | Real | None], Field(max_length=20)] = Field(
        default_factory=dict, json_schema_extra={"additionalProperties": False}
    )


class AppEvents(Input):
    """One event, or a batch of up to 500."""

    events: Annotated[
        list[AppEvent],
        Field(min_length=1, max_length=500),
        AfterValidator(as_json),
        PlainSerializer(str, return_type=str),
    ]


class RefusedEvent(Output):
    """An event that was not taken."""

    event_id: UUID
    reason: Literal["in_future", "too_old"]


class EventsRecorded(Output):
    """What became of the events."""

    recorded: int = Field(description="New ones.")
    repeated: int = Field(description="Those that were there already.")
    refused: list[RefusedEvent]


class SentMessage(Output):
    """What was sent, and what the reader said of it."""

    message_id: UUID
    kind: str
    channel: Literal["email", "sms", "whatsapp", "push", "in_app"]
    sent_at: AwareDatetime
    state: Literal[
        "claimed",
        "in_doubt",
        "sent",
        "delivered",
        "opened",
        "clicked",
        "booked",
        "bounced",
        "expired",
        "failed",
        "refused",
        "scheduled",
    ]
    service_id: UUID | None
    subject: str | None
    body: str | None = Field(description="As it was sent, less its links.")
    useful: bool | None = Field(description="The reader's last answer; null: none yet.")


class SentMessages(Output):
    """A page of messages."""

    items: list[SentMessage]
    next_cursor: str | None = Field(description="Leads to the next page; null: that was all.")


class GiveFeedback(Input):
    """Whether a message was useful."""

    message_id: UUID
    useful: bool


class Feedback(Output):
    """What is recorded now."""

    message_id: UUID
    useful: bool


class WorkerProfile(Output):
    """What a worker does, and where."""

    user_id: UUID
    name: str | None
    categories: list[str]
    zone: str
    started_at: AwareDatetime


class ChangeWorkerProfile(Input):
    """What is to change; what is left out stays."""

    if_match: IfMatch
    categories: Annotated[list[Name], Field(max_length=50)] = Field(
        default_factory=_unsaid, description="Categories of services whose jobs are offered; an empty list: none."
    )
    zone: Annotated[str, StringConstraints(min_length=1, max_length=60), WithoutNul()] = Field(default_factory=_unsaid)
