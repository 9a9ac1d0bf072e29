"""Inputs and outputs of trying another policy on history."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import AwareDatetime, Field

from app.fields import Instant, Output
from app.policy_models import RuleOf, Value


class WhatIf(RuleOf):
    """Which value is tried, and on which part of history."""

    value: Value
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


class WhatIfResult(Output):
    """What another value would have done."""

    since: AwareDatetime
    until: AwareDatetime
    rule: str
    value: Any
    versions: list[int] = Field(description="Versions in force in the period, which the value stands in for.")
    total: Replayed | None = Field(description="null: nothing was sent or refused.")
    segments: list[SegmentReplayed]
