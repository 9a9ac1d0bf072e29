"""Own data of people: profile, consents, export, erasure, and the messages that a customer got."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, Field, PlainSerializer, StringConstraints

from app.endpoints.fields import (
    Channel,
    IfMatch,
    Input,
    Language,
    ListPage,
    Nothing,
    Output,
    PageRequest,
    Purpose,
    Slug,
    TimeOfDay,
    WithoutNul,
    as_json,
)
from app.endpoints.market import CustomerBooking
from app.endpoints.row import Endpoint, Who

AddressForm = Literal["none", "bhai", "apa", "dada", "didi"]
Greeting = Literal["shubheccha", "assalamu_alaikum", "nomoskar"]


def _unset_text() -> Any:
    """Default of a field that may be null: empty text means left out, because a caller can never send it."""
    return ""


def _unset() -> Any:
    """Default of a field that may not be null: null means left out, because a caller can never send it."""
    return None


class Contact(Output):
    """An address of the person."""

    channel: Literal["email", "sms", "whatsapp", "push"]
    address: str
    verified: bool
    suppressed: bool = Field(description="True: nothing is sent there any more, after a bounce or a complaint.")


class Me(Output):
    """The caller, with contacts and preferences."""

    user_id: UUID
    role: Literal["customer", "worker", "admin"]
    name: str | None
    language: Language
    address_form: AddressForm
    greeting: Greeting
    time_zone: str | None = Field(description="IANA name; null: the zone of Bangladesh.")
    quiet_from: str | None = Field(description="Local start of own quiet hours, HH:MM; null: none.")
    quiet_until: str | None
    preferred_channel: Channel | None
    created_at: AwareDatetime
    contacts: list[Contact]


class ChangeMe(Input):
    """What changes. A field that is left out keeps its value; null removes it."""

    if_match: IfMatch
    name: Annotated[str, StringConstraints(min_length=1, max_length=100), WithoutNul()] | None = Field(
        default_factory=_unset_text
    )
    language: Language = Field(default_factory=_unset_text)
    address_form: AddressForm = Field(default_factory=_unset_text)
    greeting: Greeting = Field(default_factory=_unset_text)
    time_zone: Annotated[str, StringConstraints(min_length=1, max_length=64), WithoutNul()] | None = Field(
        default_factory=_unset_text, description="IANA name."
    )
    quiet_from: TimeOfDay | None = Field(default_factory=_unset_text, description="Local time, HH:MM.")
    quiet_until: TimeOfDay | None = Field(default_factory=_unset_text, description="Local time, HH:MM.")
    preferred_channel: Channel | None = Field(default_factory=_unset_text)
    push_token: Annotated[str, StringConstraints(pattern="^[!-~]{16,1024}$")] | None = Field(
        default_factory=_unset_text, description="Token that Firebase Cloud Messaging gave the app on this device."
    )


class Erased(Output):
    """The personal data is erased."""

    user_id: UUID
    erased_at: AwareDatetime


class ConsentChoice(Output):
    """One combination of channel and purpose that the person can consent to."""

    channel: Channel
    purpose: Purpose
    granted: bool
    since: AwareDatetime | None
    wording_version: str | None


class Consents(Output):
    """Everything that the person can consent to."""

    items: list[ConsentChoice]


class ConsentWish(Input):
    """A consent, given or withdrawn."""

    channel: Channel
    purpose: Purpose
    granted: bool


class SetConsents(Input):
    """What the person chose; consents that are not named keep their state."""

    consents: Annotated[
        list[ConsentWish],
        Field(min_length=1, max_length=15),
        AfterValidator(as_json),
        PlainSerializer(str, return_type=str),
    ]
    wording_version: Annotated[str, StringConstraints(pattern="^[A-Za-z0-9._-]{1,40}$")] = Field(
        description="Version of the text that was shown to the person."
    )


class OwnPerson(Me):
    """The person, with the other columns of their row."""

    external_id: str | None
    disabled_at: AwareDatetime | None
    erased_at: AwareDatetime | None


class OwnBooking(CustomerBooking):
    """A booking, with its id in the marketplace that it came from."""

    external_id: str | None


class Export(Output):
    """All stored data of the caller. Lists hold rows as stored; their keys may grow."""

    exported_at: AwareDatetime
    person: OwnPerson
    contacts: list[dict[str, Any]]
    consents: list[dict[str, Any]] = Field(description="The whole history, with withdrawn consents.")
    sessions: list[dict[str, Any]]
    one_time_codes: list[dict[str, Any]]
    stored_answers: list[dict[str, Any]]
    admin_login: str | None
    audit: list[dict[str, Any]]
    bookings: list[OwnBooking]
    worker: dict[str, Any] | None
    jobs: list[dict[str, Any]]
    events: list[dict[str, Any]]
    messages: list[dict[str, Any]]
    inbox: list[dict[str, Any]]
    cap_slots: list[dict[str, Any]]
    segment: dict[str, Any] | None
    predictions: list[dict[str, Any]]
    campaign_decisions: list[dict[str, Any]]


class WorkerProfile(Output):
    """What a worker does, and where."""

    user_id: UUID
    name: str | None
    categories: list[str]
    zone: str
    started_at: AwareDatetime


class ChangeWorkerProfile(Input):
    """What changes. A field that is left out keeps its value."""

    if_match: IfMatch
    categories: Annotated[list[Slug], Field(max_length=50)] = Field(
        default_factory=_unset, description="Categories of services whose jobs are offered; an empty list: none."
    )
    zone: Annotated[str, StringConstraints(min_length=1, max_length=60), WithoutNul()] = Field(default_factory=_unset)


class SentMessage(Output):
    """A message that was sent, and the reader's feedback."""

    message_id: UUID
    kind: str
    channel: Channel
    sent_at: AwareDatetime
    state: Literal[
        "claimed", "in_doubt", "sent", "delivered", "opened", "clicked", "booked", "bounced", "expired", "failed",
        "refused", "scheduled",
    ]  # fmt: skip
    service_id: UUID | None
    subject: str | None
    body: str | None = Field(description="As it was sent, without its links.")
    useful: bool | None = Field(description="The reader's latest answer; null: none yet.")


class SentMessages(ListPage):
    """A page of messages."""

    items: list[SentMessage]


class GiveFeedback(Input):
    """Whether a message was useful."""

    message_id: UUID
    useful: bool


class Feedback(Output):
    """The recorded feedback."""

    message_id: UUID
    useful: bool


ROWS: tuple[Endpoint, ...] = (
    Endpoint("GET", "/me", "me", Nothing, Me, who=Who.SIGNED_IN, has_etag=True),
    Endpoint(
        "PATCH", "/me", "change_me", ChangeMe, Me,
        who=Who.SIGNED_IN, errors=("SH412", "SH422", "SH428"), has_etag=True,
    ),
    Endpoint("DELETE", "/me", "erase_me", Nothing, Erased, who=Who.SIGNED_IN, errors=("SH409",)),
    # Reads every schema, so its limit is low.
    Endpoint(
        "GET", "/me/export", "export_me", Nothing, Export,
        who=Who.SIGNED_IN, rate_limit_per="actor",
    ),
    Endpoint("GET", "/me/consents", "consents", Nothing, Consents, who=Who.SIGNED_IN),
    Endpoint(
        "PUT", "/me/consents", "set_consents", SetConsents, Consents,
        who=Who.SIGNED_IN, idempotent=True, errors=("SH422",),
    ),
    Endpoint(
        "GET", "/me/profile", "worker_profile", Nothing, WorkerProfile,
        who=Who.WORKER, errors=("SH404",), has_etag=True,
    ),
    Endpoint(
        "PATCH", "/me/profile", "change_worker_profile", ChangeWorkerProfile, WorkerProfile,
        who=Who.WORKER, errors=("SH404", "SH412", "SH422", "SH428"), has_etag=True,
    ),
    Endpoint("GET", "/me/ai-messages", "ai_messages", PageRequest, SentMessages, who=Who.CUSTOMER),
    Endpoint(
        "POST", "/me/ai-messages/{message_id}/feedback", "give_feedback", GiveFeedback, Feedback,
        who=Who.CUSTOMER, idempotent=True, errors=("SH404",),
    ),
)  # fmt: skip
