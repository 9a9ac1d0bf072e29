"""Replays of history under another policy; nothing is changed."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, Field, PlainSerializer

from app.endpoints.fields import Input, Instant, Output, as_json
from app.endpoints.policy import QuietTime, RuleKey, Value
from app.endpoints.row import Endpoint, Who


class WhatIf(RuleKey):
    """Which value is tried, and on which part of history."""

    value: Value
    since: Instant | None = Field(default=None, description="Beginning; default: 365 days before the end.")
    until: Instant | None = Field(default=None, description="End; default: now.")


class TriedQuietPeriod(QuietTime):
    """A hypothetical quiet period, with the fields of `POST /admin/calendar`."""

    since: Instant | None = Field(default=None, description="Default: the beginning of the replayed history.")


class WhatIfQuiet(Input):
    """Which quiet period is added, removed or replaced, and on which part of history."""

    quiet_period: Annotated[TriedQuietPeriod, AfterValidator(as_json), PlainSerializer(str, return_type=str)] | None = (
        Field(default=None, description="null: none, so instead_of is only removed.")
    )
    instead_of: UUID | None = Field(
        default=None,
        description="Quiet period of the calendar that is replaced; fields not given keep its values. null: none.",
    )
    since: Instant | None = Field(default=None, description="Beginning; default: 365 days before the end.")
    until: Instant | None = Field(default=None, description="End; default: now.")


class Replayed(Output):
    """History and its replay, in messages."""

    sent: int = Field(description="Actually sent.")
    refused: dict[str, int] = Field(description="Actually refused, at planning and at the claim, by reason.")
    unchanged: int = Field(description="Actually sent, and sent at the same time under the other policy.")
    later: int
    earlier: int
    no_longer: dict[str, int] = Field(description="Actually sent, but not under the other policy, by reason.")
    newly: int = Field(description="Not actually sent, but sent under the other policy.")
    would_be_sent: int
    bookings: int = Field(description="Bookings attributed to what was sent.")
    bookings_at_risk: int = Field(
        description="Bookings attributed to messages that would not be sent, or only after the booking."
    )
    expected_loss: float | None = Field(
        description="Expected number of lost bookings, by the measured uplift; null: the measurement is too uncertain."
    )


class SegmentReplayed(Replayed):
    """The counts of one segment."""

    segment: Literal["new", "repeat", "at_risk", "inactive", "none"] = Field(
        description="Segment at planning; none: not recorded."
    )


class HistoryReplayed(Output):
    """A part of history and its replay."""

    since: AwareDatetime
    until: AwareDatetime
    total: Replayed | None = Field(description="null: nothing was sent or refused.")
    segments: list[SegmentReplayed]
    limits: list[str] = Field(description="Assumptions about what history does not record, one sentence each.")


class WhatIfResult(HistoryReplayed):
    """The effect that another value would have had."""

    rule: str
    value: Any
    versions: list[int] = Field(description="Versions in force in the period, all replaced by the value.")


class WhatIfQuietResult(HistoryReplayed):
    """The effect that adding, removing or replacing a quiet period would have had."""

    quiet_period: Any = Field(description="As requested.")
    instead_of: UUID | None = Field(description="As requested.")


ROWS: tuple[Endpoint, ...] = (
    Endpoint(
        "POST", "/admin/policy/{rule}/what-if", "what_if", WhatIf, WhatIfResult,
        who=Who.ADMIN, idempotent=True, rate_limit_per="actor", errors=("SH404", "SH409", "SH422"),
    ),
    Endpoint(
        "POST", "/admin/calendar/what-if", "what_if_quiet", WhatIfQuiet, WhatIfQuietResult,
        who=Who.ADMIN, idempotent=True, rate_limit_per="actor", errors=("SH409", "SH422"),
    ),
)  # fmt: skip
