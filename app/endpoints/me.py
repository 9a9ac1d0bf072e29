"""Inputs and outputs of what people see, change, take along and erase of themselves."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, Field, PlainSerializer, StringConstraints

from app.endpoints.fields import Input, Output, WithoutNul
from app.endpoints.link import Channel, Language, Purpose
from app.endpoints.market import CustomerBooking, IfMatch, as_json

AddressForm = Literal["none", "bhai", "apa", "dada", "didi"]
Greeting = Literal["shubheccha", "assalamu_alaikum", "nomoskar"]
TimeOfDay = Annotated[str, StringConstraints(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$")]


def _unsaid() -> Any:
    """Empty text: the field was left out, which is not the same as null. No caller can say it: it is never valid."""
    return ""


class Contact(Output):
    """Where the person is reached."""

    channel: Literal["email", "sms", "whatsapp", "push"]
    address: str
    verified: bool
    suppressed: bool = Field(description="True: nothing goes there any more (it bounced, or somebody complained).")


class Me(Output):
    """The caller, with contacts and preferences."""

    user_id: UUID
    role: Literal["customer", "worker", "admin"]
    name: str | None
    language: Language
    address_form: AddressForm
    greeting: Greeting
    time_zone: str | None = Field(description="IANA name; null: that of Bangladesh.")
    quiet_from: str | None = Field(description="Local time at which own quiet hours begin, HH:MM; null: none.")
    quiet_until: str | None
    preferred_channel: Channel | None
    created_at: AwareDatetime
    contacts: list[Contact]


class ChangeMe(Input):
    """What is to change; what is left out stays, null takes away."""

    if_match: IfMatch
    name: Annotated[str, StringConstraints(min_length=1, max_length=100), WithoutNul()] | None = Field(
        default_factory=_unsaid
    )
    language: Language = Field(default_factory=_unsaid)
    address_form: AddressForm = Field(default_factory=_unsaid)
    greeting: Greeting = Field(default_factory=_unsaid)
    time_zone: Annotated[str, StringConstraints(min_length=1, max_length=64), WithoutNul()] | None = Field(
        default_factory=_unsaid, description="IANA name."
    )
    quiet_from: TimeOfDay | None = Field(default_factory=_unsaid, description="Local time, HH:MM.")
    quiet_until: TimeOfDay | None = Field(default_factory=_unsaid, description="Local time, HH:MM.")
    preferred_channel: Channel | None = Field(default_factory=_unsaid)
    push_token: Annotated[str, StringConstraints(pattern="^[!-~]{16,1024}$")] | None = Field(
        default_factory=_unsaid, description="Token that Firebase Cloud Messaging gave the app on this device."
    )


class Erased(Output):
    """It is done."""

    user_id: UUID
    erased_at: AwareDatetime


class ConsentChoice(Output):
    """Something that the person can consent to."""

    channel: Channel
    purpose: Purpose
    granted: bool
    since: AwareDatetime | None
    wording_version: str | None


class Consents(Output):
    """Everything that the person can consent to."""

    items: list[ConsentChoice]


class ConsentWish(Input):
    """Given, or withdrawn."""

    channel: Channel
    purpose: Purpose
    granted: bool


class SetConsents(Input):
    """What the person chose; consents that are not named stay as they are."""

    consents: Annotated[
        list[ConsentWish],
        Field(min_length=1, max_length=15),
        AfterValidator(as_json),
        PlainSerializer(str, return_type=str),
    ]
    wording_version: Annotated[str, StringConstraints(pattern="^[A-Za-z0-9._-]{1,40}$")] = Field(
        description="Which text was shown to the person."
    )


class OwnPerson(Me):
    """The person, with what else stands in their row."""

    external_id: str | None
    disabled_at: AwareDatetime | None
    erased_at: AwareDatetime | None


class OwnBooking(CustomerBooking):
    """A booking, with its id in the marketplace it came from."""

    external_id: str | None


class Export(Output):
    """Everything that is kept of the caller. Lists hold rows as they are kept; their keys may become more."""

    exported_at: AwareDatetime
    person: OwnPerson
    contacts: list[dict[str, Any]]
    consents: list[dict[str, Any]] = Field(description="The whole history, also of what was withdrawn.")
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
