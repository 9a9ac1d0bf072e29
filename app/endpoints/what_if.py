"""Inputs and outputs of trying another policy on history."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, Field, PlainSerializer

from app.endpoints.fields import Input, Instant, Output
from app.endpoints.me import TimeOfDay
from app.endpoints.policy import CappedPurpose, RuleOf, Value, as_text


class WhatIf(RuleOf):
    """Which value is tried, and on which part of history."""

    value: Value
    since: Instant | None = Field(default=None, description="Beginning; default: 365 days before the end.")
    until: Instant | None = Field(default=None, description="End; default: now.")


class TriedQuietPeriod(Input):
    """When nothing would have been sent, as `POST /admin/calendar` takes it."""

    purpose: CappedPurpose | None = Field(default=None, description="null: every capped purpose.")
    weekday: Annotated[int, Field(ge=1, le=7)] | None = Field(
        default=None, description="Local weekday on which it begins, 1 = Monday; null: every day."
    )
    from_time: TimeOfDay | None = Field(default=None, description="Local time, HH:MM; null: whole days.")
    until_time: TimeOfDay | None = Field(default=None, description="Before from_time: on the next day.")
    since: Instant | None = Field(default=None, description="Default: the beginning of the history that is replayed.")
    until: Instant | None = Field(default=None, description="null: without end.")


class WhatIfQuiet(Input):
    """Which quiet period is tried, more or instead of one that there is, and on which part of history."""

    quiet_period: Annotated[TriedQuietPeriod, AfterValidator(as_text), PlainSerializer(str, return_type=str)] | None = (
        Field(default=None, description="null: none, only one less.")
    )
    instead_of: UUID | None = Field(
        default=None,
        description="Quiet period of the calendar in whose place it comes, keeping what is not given; null: one more.",
    )
    since: Instant | None = Field(default=None, description="Beginning; default: 365 days before the end.")
    until: Instant | None = Field(default=None, description="End; default: now.")


class Replayed(Output):
    """History and its replay, in messages."""

    sent: int = Field(description="Sent in truth.")
    refused: dict[str, int] = Field(description="Refused in truth, at planning and at the claim, by reason.")
    unchanged: int = Field(description="Sent in truth, and just so under the other policy.")
    later: int
    earlier: int
    no_longer: dict[str, int] = Field(description="Sent in truth, not under the other policy, by reason.")
    newly: int = Field(description="Not sent in truth, but under the other policy.")
    would_be_sent: int
    bookings: int = Field(description="Credited to what was sent.")
    bookings_at_risk: int = Field(
        description="Credited to messages that would not have come, or only after the booking."
    )
    expected_loss: float | None = Field(
        description="Bookings fewer than in truth, by the measured uplift; null: not measured well enough."
    )


class SegmentReplayed(Replayed):
    """The same of one segment."""

    segment: Literal["new", "repeat", "at_risk", "inactive", "none"] = Field(
        description="As it was when planned; none: not kept."
    )


class HistoryReplayed(Output):
    """A part of history and its replay."""

    since: AwareDatetime
    until: AwareDatetime
    total: Replayed | None = Field(description="null: nothing was sent or refused.")
    segments: list[SegmentReplayed]
    limits: list[str] = Field(description="What is taken for granted, as history does not tell it, a sentence each.")


class WhatIfResult(HistoryReplayed):
    """What another value would have done."""

    rule: str
    value: Any
    versions: list[int] = Field(description="Versions in force in the period, which the value stands in for.")


class WhatIfQuietResult(HistoryReplayed):
    """What a quiet period more, less or other would have done."""

    quiet_period: Any = Field(description="As it was asked.")
    instead_of: UUID | None = Field(description="As it was asked.")
