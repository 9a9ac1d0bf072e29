"""Figures and alerts for operations."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints

from app.endpoints.fields import Input, ListPage, Nothing, Output, PageRequest, Segment, Share, without_nul
from app.endpoints.row import Endpoint, Who

Difference = Annotated[float, Field(ge=-1, le=1)]
UpliftVerdict = Annotated[
    Literal["too_early", "more", "fewer", "not_established"],
    Field(description="more, fewer: the interval excludes zero; too_early: the sample is too small."),
]


class OverviewPeriod(Input):
    """How far back."""

    days: Annotated[int, Field(ge=1, le=92, description="Local days, with today.")] = 28


class Uplift(Output):
    """Booking shares of people who got messages and of people who were held out."""

    uplift: Difference = Field(description="Difference of the shares.")
    uplift_low: Difference = Field(description="Lower end of its 95 % interval.")
    uplift_high: Difference = Field(description="Upper end.")
    too_early: bool
    verdict: UpliftVerdict
    booked_share: Share


class SegmentUplift(Uplift):
    """The uplift in one segment."""

    segment: Segment
    messages: int
    ghosts: int
    message_people: int
    ghost_people: int
    ghost_booked_share: Share


class FeedbackShare(Output):
    """The readers' feedback on messages."""

    segment: Segment
    sent: int
    answered: int
    useful: int
    useful_share: Share | None = Field(description="null: no answers.")
    useful_low: Share | None = Field(description="Lower end of its 95 % interval.")
    useful_high: Share | None


class CampaignUplift(Uplift):
    """The uplift of a campaign."""

    campaign_id: UUID
    campaign: str = Field(description="Its name.")
    messages: int = Field(description="Pairs of person and service that were planned a message.")
    ghosts: int = Field(description="Pairs of person and service that were held out.")
    message_people: int
    ghost_people: int
    ghost_booked_share: Share
    segments: list[SegmentUplift]
    feedback: list[FeedbackShare]


class OverallUplift(Uplift):
    """The uplift of all outreach together."""

    due: int = Field(description="Expected bookings of people who may get messages.")
    controls: int = Field(description="Expected bookings of the global control group.")
    due_people: int
    control_people: int
    control_booked_share: Share


class UpliftMetrics(Output):
    """The uplift of campaigns."""

    as_of: AwareDatetime | None = Field(description="Instant of the measurement; null: none yet.")
    overall: OverallUplift | None = Field(description="null: one of the two groups is still empty.")
    campaigns: list[CampaignUplift]


class SegmentSize(Output):
    """Customers of a segment at the last refresh."""

    segment: Segment
    segment_version: int = Field(description="Version of its definition.")
    customers: int
    mean_visits: float


class Engagement(Output):
    """Outcomes of what was sent to a segment, without opens and clicks by machines."""

    segment: Segment
    sent: int
    delivered: int
    opened: int
    clicked: int
    booked: int
    bounced: int
    in_doubt: int


class Texts(Output):
    """Origin of the texts that were sent."""

    house: int
    model: int
    house_share: Share | None = Field(description="Share sent with house texts instead of texts of the model.")


class Refusals(Output):
    """How often a gate refused."""

    gate: Literal["plan", "claim"]
    reason: str | None
    rule: str | None = Field(description="null: the provider refused.")
    refusals: int


class CampaignFeedback(FeedbackShare):
    """The readers' feedback on a campaign."""

    campaign: str
    campaign_id: UUID


class Freshness(Output):
    """The age of a snapshot."""

    snapshot: str
    as_of: AwareDatetime
    refreshed_at: AwareDatetime
    seconds: float
    row_count: int


class Overview(Output):
    """The state of outreach."""

    as_of: AwareDatetime
    since: AwareDatetime
    segments: list[SegmentSize]
    engagement: list[Engagement]
    texts: Texts
    refusals: list[Refusals]
    feedback: list[CampaignFeedback]
    overall: OverallUplift | None
    freshness: list[Freshness]


class AlertFilter(PageRequest):
    """Which alerts."""

    status: Literal["open", "acknowledged"] | None = Field(default=None, description="Default: both.")
    kind: Annotated[str, StringConstraints(pattern="^[a-z_]{1,40}$")] | None = None


class AcknowledgeAlert(Input):
    """What was found or done."""

    alert_id: UUID
    outcome: Annotated[str, StringConstraints(max_length=500), AfterValidator(without_nul)] | None = None


class Alert(Output):
    """A condition that needs attention."""

    alert_id: UUID
    kind: str
    subject: str = Field(description="What it is about: kind and id.")
    raised_at: AwareDatetime
    detail: dict[str, Any] = Field(description="The figures that raised it.")
    acknowledged_at: AwareDatetime | None
    acknowledged_by: UUID | None
    outcome: str | None


class Alerts(ListPage):
    """A page of alerts."""

    items: list[Alert]


ROWS: tuple[Endpoint, ...] = (
    Endpoint(
        "GET", "/admin/metrics/overview", "metrics_overview", OverviewPeriod, Overview,
        who=Who.ADMIN, rate_limit_per="actor",
    ),
    Endpoint("GET", "/admin/metrics/uplift", "metrics_uplift", Nothing, UpliftMetrics, who=Who.ADMIN),
    Endpoint("GET", "/admin/alerts", "alerts", AlertFilter, Alerts, who=Who.ADMIN),
    Endpoint(
        "POST", "/admin/alerts/{alert_id}/acknowledge", "acknowledge_alert", AcknowledgeAlert, Alert,
        who=Who.ADMIN, idempotent=True, errors=("SH404",),
    ),
)  # fmt: skip
