"""The catalogue of services, bookings of customers, jobs of workers, and events of the apps."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, PlainSerializer, StringConstraints

from app.endpoints.fields import (
    Input,
    Instant,
    ListPage,
    Nothing,
    Output,
    PageRequest,
    Poisha,
    Slug,
    WithoutNul,
    as_json,
    comma_list,
)
from app.endpoints.row import Endpoint, Who

BookingStatus = Literal["pending", "confirmed", "in_progress", "completed", "cancelled"]
JobStatus = Literal["open", "upcoming", "active", "completed", "cancelled"]
CancelledBy = Literal["customer", "worker", "admin"]


class AddOn(Output):
    """An optional extra of one service."""

    add_on_id: UUID
    code: str = Field(description="Id in the marketplace that the data came from; stable.")
    name_bn: str
    name_en: str
    price_poisha: Poisha


class LinkedService(Output):
    """The service that a message was about."""

    service_id: UUID
    code: str = Field(description="Id in the marketplace that the data came from; stable.")
    category: str
    name_bn: str
    name_en: str
    price_poisha: Poisha
    duration_minutes: int


class Service(LinkedService):
    """A service that can be booked, with its add-ons."""

    add_ons: list[AddOn]


class Services(Output):
    """The catalogue."""

    items: list[Service]


class NewBooking(Input):
    """Which service, and when."""

    service_id: UUID
    scheduled_at: Instant = Field(description="Start of the visit, within the next 180 days.")
    add_on_ids: Annotated[list[UUID], Field(max_length=20)] = Field(default=[], description="Add-ons of the service.")


class BookingId(Input):
    """Which booking."""

    booking_id: UUID


class BookingFilter(PageRequest):
    """Which bookings."""

    status: Annotated[str, comma_list(BookingStatus)] | None = Field(
        default=None, description="One status or several, separated by commas; default: any."
    )


class CancelBooking(BookingId):
    """Why the customer cancels."""

    reason: Literal["changed_plans", "wrong_time", "no_longer_needed", "found_another", "worker_late", "other"]


def _integral(number: Any) -> Any:
    """5.0 is an integer in JSON Schema, and some languages write it so."""
    return int(number) if isinstance(number, float) and number.is_integer() else number


class ReviewBooking(BookingId):
    """The customer's review of a visit."""

    rating: Annotated[int, BeforeValidator(_integral), Field(ge=1, le=5)]
    body: Annotated[str, StringConstraints(max_length=2000), WithoutNul()] | None = Field(
        default=None, description="In the customer's words; read by people only."
    )


class Review(Output):
    """The customer's review of a visit."""

    booking_id: UUID
    rating: int
    body: str | None
    created_at: AwareDatetime


class Booking(Output):
    """A booking as its customer sees it."""

    booking_id: UUID
    service_id: UUID
    status: BookingStatus
    scheduled_at: AwareDatetime
    created_at: AwareDatetime
    price_poisha: Poisha
    add_on_ids: list[UUID]


class CustomerBooking(Booking):
    """A booking as its customer sees it, with its history and review."""

    source: Literal["app", "link", "import", "admin"]
    ends_at: AwareDatetime = Field(description="Planned end.")
    confirmed_at: AwareDatetime | None
    arrived_at: AwareDatetime | None
    started_at: AwareDatetime | None
    completed_at: AwareDatetime | None
    cancelled_at: AwareDatetime | None
    cancelled_by: CancelledBy | None
    cancel_reason: str | None
    worker_name: str | None
    review: Review | None


class CustomerBookings(ListPage):
    """A page of bookings."""

    items: list[CustomerBooking]


class JobFilter(PageRequest):
    """Which jobs."""

    status: Annotated[str, comma_list(JobStatus)] = Field(
        default="upcoming,active", description="One status or several, separated by commas."
    )


class CancelJob(BookingId):
    """Why the worker gives up a job."""

    reason: Literal["sick", "family", "safety", "customer_unavailable", "wrong_address", "transport", "other"]


class JobService(Output):
    """The service of a job."""

    service_id: UUID
    code: str
    category: str
    name_bn: str
    name_en: str


class JobAddOn(Output):
    """A booked add-on."""

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
    customer_name: str | None = Field(description="Only from confirmation to the end of the visit; otherwise null.")
    confirmed_at: AwareDatetime | None
    arrived_at: AwareDatetime | None
    started_at: AwareDatetime | None
    completed_at: AwareDatetime | None
    cancelled_at: AwareDatetime | None
    cancelled_by: CancelledBy | None
    cancel_reason: str | None


class Jobs(ListPage):
    """A page of jobs."""

    items: list[Job]


# Integers beyond it are not the same in every language that reads JSON.
SafeInteger = Annotated[int, Field(ge=-(2**53), le=2**53)]
FiniteNumber = Annotated[float, Field(allow_inf_nan=False)]
ShortText = Annotated[str, StringConstraints(max_length=200), WithoutNul()]


class AppEvent(Input):
    """Something that the person did in the app."""

    event_id: UUID = Field(description="Generated by the app; sent again, it is the same event.")
    kind: Slug
    happened_at: Instant = Field(description="By the phone's clock.")
    properties: Annotated[dict[Slug, ShortText | bool | SafeInteger | FiniteNumber | None], Field(max_length=20)] = (
        Field(default_factory=dict, json_schema_extra={"additionalProperties": False})
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
    """An event that was not recorded."""

    event_id: UUID
    reason: Literal["in_future", "too_old"]


class EventsRecorded(Output):
    """What was done with the events."""

    recorded: int = Field(description="New events.")
    repeated: int = Field(description="Events that were already recorded.")
    refused: list[RefusedEvent]


ROWS: tuple[Endpoint, ...] = (
    Endpoint("GET", "/services", "services", Nothing, Services, has_etag=True),
    Endpoint(
        "POST", "/bookings", "book", NewBooking, CustomerBooking,
        who=Who.CUSTOMER, status=201, errors=("SH422",),
    ),
    Endpoint("GET", "/bookings", "bookings", BookingFilter, CustomerBookings, who=Who.CUSTOMER),
    Endpoint(
        "GET", "/bookings/{booking_id}", "booking", BookingId, CustomerBooking,
        who=Who.CUSTOMER, errors=("SH404",),
    ),
    Endpoint(
        "POST", "/bookings/{booking_id}/cancel", "cancel_booking", CancelBooking, CustomerBooking,
        who=Who.CUSTOMER, errors=("SH404", "SH409"),
    ),
    Endpoint(
        "POST", "/bookings/{booking_id}/review", "review_booking", ReviewBooking, Review,
        who=Who.CUSTOMER, errors=("SH404", "SH409"),
    ),
    Endpoint("GET", "/me/jobs", "jobs", JobFilter, Jobs, who=Who.WORKER),
    Endpoint(
        "POST", "/jobs/{booking_id}/accept", "accept_job", BookingId, Job,
        who=Who.WORKER, errors=("SH404", "SH409"),
    ),
    Endpoint(
        "POST", "/jobs/{booking_id}/arrive", "arrive_job", BookingId, Job,
        who=Who.WORKER, errors=("SH404", "SH409"),
    ),
    Endpoint(
        "POST", "/jobs/{booking_id}/start", "start_job", BookingId, Job,
        who=Who.WORKER, errors=("SH404", "SH409"),
    ),
    Endpoint(
        "POST", "/jobs/{booking_id}/complete", "complete_job", BookingId, Job,
        who=Who.WORKER, errors=("SH404", "SH409"),
    ),
    Endpoint(
        "POST", "/jobs/{booking_id}/cancel", "cancel_job", CancelJob, Job,
        who=Who.WORKER, errors=("SH404", "SH409"),
    ),
    Endpoint("POST", "/events", "record_events", AppEvents, EventsRecorded, who=Who.SIGNED_IN, idempotent=True),
)  # fmt: skip
