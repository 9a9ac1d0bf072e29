"""Inputs and outputs of the figures that operations look at."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from app.endpoints.fields import Input, Output

Share = Annotated[float, Field(ge=0, le=1)]
Difference = Annotated[float, Field(ge=-1, le=1)]
Segment = Literal["new", "repeat", "at_risk", "inactive"]
Verdict = Annotated[
    Literal["too_early", "more", "fewer", "not_established"],
    Field(description="more, fewer: the interval leaves out zero; too_early: conclude nothing yet."),
]


class Days(Input):
    """How far back."""

    days: Annotated[int, Field(ge=1, le=92, description="Local days, today included.")] = 28


class Uplift(Output):
    """Shares that booked, those written to against those held out."""

    uplift: Difference = Field(description="Difference of the shares.")
    uplift_low: Difference = Field(description="Lower end of its 95 % interval.")
    uplift_high: Difference = Field(description="Upper end.")
    too_early: bool
    verdict: Verdict
    booked_share: Share


class SegmentUplift(Uplift):
    """The same for one segment."""

    segment: Segment
    messages: int
    ghosts: int
    message_people: int
    ghost_people: int
    ghost_booked_share: Share


class FeedbackShare(Output):
    """Whether readers found messages useful, as they said."""

    segment: Segment
    sent: int
    answered: int
    useful: int
    useful_share: Share | None = Field(description="null: nobody answered.")
    useful_low: Share | None = Field(description="Lower end of its 95 % interval.")
    useful_high: Share | None


class CampaignUplift(Uplift):
    """What the messages of a campaign brought."""

    campaign_id: UUID
    campaign: str = Field(description="Its name.")
    messages: int = Field(description="People and services planned to be written to.")
    ghosts: int = Field(description="People and services held out.")
    message_people: int
    ghost_people: int
    ghost_booked_share: Share
    segments: list[SegmentUplift]
    feedback: list[FeedbackShare]


class OverallUplift(Uplift):
    """What all outreach together brings."""

    due: int = Field(description="Expected bookings of people who may be written to.")
    controls: int = Field(description="Expected bookings of people who never are.")
    due_people: int
    control_people: int
    control_booked_share: Share


class UpliftMetrics(Output):
    """What campaigns brought."""

    as_of: AwareDatetime | None = Field(description="Instant of the measurement; null: not measured yet.")
    overall: OverallUplift | None = Field(description="null: nobody was due in both groups yet.")
    campaigns: list[CampaignUplift]


class SegmentSize(Output):
    """Customers of a segment at the last refresh."""

    segment: Segment
    segment_version: int = Field(description="Version of its definition.")
    customers: int
    mean_visits: float


class Engagement(Output):
    """What became of what was sent to a segment; what machines opened or clicked is left out."""

    segment: Segment
    sent: int
    delivered: int
    opened: int
    clicked: int
    booked: int
    bounced: int
    in_doubt: int


class Texts(Output):
    """Who wrote what was sent."""

    house: int
    model: int
    house_share: Share | None = Field(description="Share that went out with house texts, without the model.")


class Refusals(Output):
    """How often a gate said no."""

    gate: Literal["plan", "claim"]
    reason: str | None
    rule: str | None = Field(description="null: the provider refused.")
    refusals: int


class CampaignFeedback(FeedbackShare):
    """The same, with its campaign."""

    campaign: str
    campaign_id: UUID


class Freshness(Output):
    """How old a snapshot is."""

    snapshot: str
    as_of: AwareDatetime
    refreshed_at: AwareDatetime
    seconds: float
    row_count: int


class Overview(Output):
    """How outreach is doing."""

    as_of: AwareDatetime
    since: AwareDatetime
    segments: list[SegmentSize]
    engagement: list[Engagement]
    texts: Texts
    refusals: list[Refusals]
    feedback: list[CampaignFeedback]
    overall: OverallUplift | None
    freshness: list[Freshness]
