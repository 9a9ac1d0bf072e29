"""Inputs and outputs of campaigns, their messages, single and bulk sends, and alerts."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, Field, PlainSerializer, StringConstraints

from app.endpoints.fields import Input, Instant, Output, without_nul
from app.endpoints.link import Channel, Language
from app.endpoints.market import PageOf, one_of_each
from app.endpoints.me import TimeOfDay
from app.endpoints.policy import as_text

Segment = Literal["new", "repeat", "at_risk", "inactive"]
Status = Literal["draft", "scheduled", "running", "paused", "completed", "stopped", "failed"]
MessageState = Literal[
    "ghost", "scheduled", "claimed", "in_doubt", "sent", "delivered", "opened", "clicked", "booked", "bounced",
    "expired", "refused", "failed",
]  # fmt: skip
Share = Annotated[float, Field(ge=0, le=1)]
Name = Annotated[
    str,
    StringConstraints(min_length=1, max_length=100, strip_whitespace=True),
    AfterValidator(without_nul),
    Field(description="Stands in the addresses that links lead to (utm_campaign). Never name a customer in it."),
]
Reason = Annotated[
    str,
    StringConstraints(min_length=3, max_length=500, strip_whitespace=True),
    AfterValidator(without_nul),
    Field(description="Why; stands in the audit log. Never name a customer in it."),
]
TriggerKey = Annotated[str, StringConstraints(pattern="^[A-Za-z0-9][A-Za-z0-9 ._:/-]{0,79}$")]
Segments = Annotated[list[Segment], Field(min_length=1, max_length=4)]
Channels = Annotated[list[Channel], Field(min_length=1, max_length=5)]


class CampaignsOf(PageOf):
    """Which campaigns are wanted."""

    status: (
        Annotated[
            str,
            StringConstraints(
                max_length=100, pattern=one_of_each("draft|scheduled|running|paused|completed|stopped|failed")
            ),
        ]
        | None
    ) = Field(default=None, description="One status or several, separated by commas; default: any.")


class NewCampaign(Input):
    """A campaign of reminders."""

    name: Name
    segments: Segments = Field(default=["repeat", "at_risk", "new"], description="Who is written to; not all of them.")
    channels: Channels = Field(default=["email"], description="In order of preference.")
    holdout_share: Share = Field(default=0.1, description="Share held out, to measure by; fixed by the first run.")
    canary_share: Share = Field(default=0.1, description="Share written to first; 1: everybody at once.")
    window_from: TimeOfDay = Field(default="09:00", description="Nothing goes earlier; local time of the person.")
    window_until: TimeOfDay = Field(default="20:30", description="Nothing goes later.")
    repeats: bool = Field(default=True, description="Planned every day; false: only when asked, then completed.")
    starts_at: Instant | None = Field(default=None, description="Starts by itself; default: it stays a draft.")
    ends_at: Instant | None = Field(default=None, description="Is completed by itself; default: never.")
    reason: Reason


class CampaignId(Input):
    """Which campaign."""

    campaign_id: UUID


class ActOnCampaign(CampaignId):
    """Why something is done to a campaign."""

    reason: Reason


class StopCampaign(ActOnCampaign):
    """Why it is stopped, and whether all of it."""

    run_id: UUID | None = Field(default=None, description="Calls back this run only; default: stops the campaign.")


class FlagCampaign(ActOnCampaign):
    """The feature flag."""

    enabled: bool


class RunCampaign(ActOnCampaign):
    """A run now."""

    segment: Segment | None = Field(default=None, description="One of the campaign's; default: all of them.")
    trigger_key: TriggerKey | None = Field(
        default=None, description="The same key plans once; default: once a day for each segment."
    )


class RunSegment(Input):
    """A run of one segment now."""

    segment: Segment
    campaign_id: UUID | None = Field(default=None, description="Default: every running one that writes to the segment.")
    trigger_key: TriggerKey | None = Field(default=None, description="The same key plans once; default: once a day.")


class PreviewCampaign(CampaignId):
    """Values that replace those in force; none: the dry run of the campaign."""

    rules: Annotated[
        dict[Annotated[str, StringConstraints(max_length=80), AfterValidator(without_nul)], float],
        Field(max_length=20),
        AfterValidator(as_text),
        PlainSerializer(str, return_type=str),
    ] = Field(
        default_factory=dict,
        validate_default=True,
        description="Values of rules of planning by name; default: those in force.",
    )
    segments: Segments | None = Field(default=None, description="Who is written to; default: the campaign's.")
    holdout_share: Share | None = Field(default=None, description="Share held out; default: the campaign's.")
    window_from: TimeOfDay | None = Field(default=None, description="Nothing goes earlier; default: the campaign's.")
    window_until: TimeOfDay | None = Field(default=None, description="Nothing goes later; default: the campaign's.")


class PreviewId(CampaignId):
    """Which preview of which campaign."""

    preview_id: UUID


class Planned(Output):
    """What planning decides, in candidates: people and services that are due."""

    candidates: int
    messages: int
    ghosts: int = Field(description="Held out.")
    refused: int
    refusals: dict[str, int] = Field(description="By reason.")


class SegmentPlanned(Planned):
    """The same of one segment."""

    segment: Segment


class PlannedInTotal(Planned):
    """The total, and by segment."""

    segments: list[SegmentPlanned]


class PreviewResult(Output):
    """What planning decides by the values in force, and by those that were given."""

    planned_at: AwareDatetime
    predicted_at: AwareDatetime | None = Field(description="Instant of the predictions; null: there are none yet.")
    today: PlannedInTotal
    tried: PlannedInTotal


class CampaignPreview(Output):
    """A preview of a campaign; what was not given is null."""

    preview_id: UUID
    campaign_id: UUID
    status: Literal["queued", "done"]
    requested_at: AwareDatetime
    requested_by: str
    expires_at: AwareDatetime
    rules: dict[str, float]
    segments: list[Segment] | None
    holdout_share: float | None
    window_from: str | None
    window_until: str | None
    result: PreviewResult | None = Field(description="Null until it is done.")


class RunAsked(Output):
    """A run that the worker was asked to plan."""

    campaign_id: UUID
    trigger_key: str
    segment: Segment | None
    run_id: UUID | None = Field(description="Null while it is not planned.")


class RunsAsked(Output):
    """Runs that the worker was asked to plan."""

    items: list[RunAsked]


class LastRun(Output):
    """The latest planning of a campaign."""

    run_id: UUID
    trigger_key: str
    planned_at: AwareDatetime
    candidates: int
    segments: list[Segment] | None = Field(description="Null: all of the campaign's.")


class Campaign(Output):
    """Who is written to about what."""

    campaign_id: UUID
    name: str
    kind: Literal["reminder", "announcement"]
    status: Status
    enabled: bool = Field(description="The feature flag.")
    repeats: bool
    starts_at: AwareDatetime | None
    ends_at: AwareDatetime | None
    segments: list[Segment]
    channels: list[Channel]
    canary_share: float
    widened_at: AwareDatetime | None = Field(description="Since when it is open to everybody; null: to its canary.")
    holdout_share: float
    window_from: str
    window_until: str
    created_at: AwareDatetime
    created_by: str
    version: int
    changed_by: str | None = Field(description="Id of the admin, or which part of ours.")
    changed_reason: str | None
    last_run: LastRun | None


class Campaigns(Output):
    """A page of campaigns."""

    items: list[Campaign]
    next_cursor: str | None = Field(description="Leads to the next page; null: that was all.")


class Guardrail(Output):
    """One thing that would stop the campaign."""

    guardrail: Literal["opt_outs", "complaints", "bounces", "sample_ratio"]
    sample: int
    hits: int
    rate: float | None
    maximum: float = Field(description="Highest acceptable rate; of sample_ratio: the share planned.")
    chance: float = Field(description="How likely so many are where all is well.")
    verdict: Literal["good", "watch", "too_early", "bad"]


class RunFigures(Output):
    """A run, accounted for to the last message."""

    run_id: UUID
    trigger_key: str
    planned_at: AwareDatetime
    candidates: int
    messages: int
    ghosts: int
    refused: int
    refusals: dict[str, int] = Field(description="By reason.")
    sent: int
    in_doubt: int
    expired: int
    failed: int
    refused_at_claim: int
    waiting: int
    identity_holds: bool


class CampaignDetail(Campaign):
    """A campaign with its guardrails and its last ten runs."""

    guardrails: list[Guardrail]
    runs: list[RunFigures]


class StoppedRun(Output):
    """What the stop found."""

    run_id: UUID | None = Field(description="Null: the whole campaign.")
    went: int
    in_hand: int = Field(description="Claimed or in doubt: whether they arrive is not known yet.")
    refused: int


class StoppedCampaign(CampaignDetail):
    """A campaign after its stop."""

    stopped: StoppedRun


class MessagesOf(PageOf):
    """Which messages are wanted."""

    campaign_id: UUID | None = None
    run_id: UUID | None = None
    user_id: UUID | None = None
    state: (
        Annotated[
            str,
            StringConstraints(
                max_length=200,
                pattern=one_of_each(
                    "ghost|scheduled|claimed|in_doubt|sent|delivered|opened|clicked|booked|bounced|expired|refused|failed"
                ),
            ),
        ]
        | None
    ) = Field(default=None, description="One state or several, separated by commas; default: any.")
    channel: Channel | None = None


class CampaignMessage(Output):
    """A message of a campaign: where it is, and why. Ids only."""

    message_id: UUID
    user_id: UUID
    campaign_id: UUID | None
    run_id: UUID
    kind: str
    message_class: str
    channel: Channel
    state: MessageState
    state_at: AwareDatetime
    reason: str | None
    rule: str | None
    rule_version: int | None
    planned_at: AwareDatetime
    due_at: AwareDatetime
    useful_until: AwareDatetime
    sent_at: AwareDatetime | None = Field(description="Null: nothing went that counts.")
    service_id: UUID | None
    template_id: UUID | None
    occurrence: str
    exempt_reason: str | None = Field(description="Why it may pass over caps.")


class CampaignMessages(Output):
    """A page of messages."""

    items: list[CampaignMessage]
    next_cursor: str | None = Field(description="Leads to the next page; null: that was all.")


class _Send(Input):
    """What single and bulk sends have in common."""

    template_id: UUID = Field(description="An approved text; each reader gets its counterpart in their language.")
    service_id: UUID | None = Field(default=None, description="What it is about; needed where the text names it.")
    urgent: bool = Field(default=False, description="Passes over caps; the reason stands in a report.")
    reason: Reason
    dry_run: bool = Field(default=False, description="Decides and renders in just this way, and does nothing.")


class SendSingle(_Send):
    """A text to one customer."""

    user_id: UUID
    channel: Channel | None = Field(default=None, description="Only this one; default: the person's best.")


class SendBulk(_Send):
    """A text to segments, or to a list of customers."""

    name: Name
    segments: Segments | None = None
    user_ids: Annotated[list[UUID], Field(min_length=1, max_length=5000)] | None = None
    channels: Channels = Field(default=["email"], description="In order of preference.")
    canary_share: Share = Field(default=1, description="Share written to first; the rest once guardrails are good.")
    holdout_share: Share = Field(default=0, description="Share held out, to measure by.")


class Text(Output):
    """What the reader sees; links stand as {link} and {stop_link}."""

    channel: Channel
    language: Language
    subject: str
    body: str


class SingleSent(Output):
    """What became of a single send."""

    dry_run: bool
    campaign_id: UUID | None
    run_id: UUID | None
    outcome: Literal["message", "ghost", "refused"]
    reason: str | None
    rule: str | None = Field(description="The rule or cap that refused.")
    rule_version: int | None
    message_id: UUID | None
    channel: Channel | None
    due_at: AwareDatetime | None
    useful_until: AwareDatetime | None
    text: Text | None


class RefusedPerson(Output):
    """Somebody who gets nothing, and why."""

    user_id: UUID
    reason: str
    rule: str
    rule_version: int


class BulkPreview(Output):
    """What a bulk send would do."""

    candidates: int
    messages: int
    ghosts: int
    refused: int
    refusals: dict[str, int] = Field(description="By reason.")
    refused_people: list[RefusedPerson] = Field(description="At most 200; refusals has the sums.")
    texts: list[Text] = Field(description="One for each channel and language.")


class BulkAsked(Output):
    """A bulk send that the worker was asked to plan, or the preview of one."""

    dry_run: bool
    campaign_id: UUID | None = Field(description="Null: a dry run, of which nothing is left.")
    trigger_key: str | None = Field(description="By which the campaign's runs show its first.")
    people: int = Field(description="How many it is for, before any gate.")
    run_id: UUID | None = Field(description="Null while it is not planned.")
    preview: BulkPreview | None = Field(description="Null unless it was a dry run.")


class AlertsOf(PageOf):
    """Which alerts are wanted."""

    status: Literal["open", "acknowledged"] | None = Field(default=None, description="Default: both.")
    kind: Annotated[str, StringConstraints(pattern="^[a-z_]{1,40}$")] | None = None


class AcknowledgeAlert(Input):
    """What was found or done."""

    alert_id: UUID
    outcome: Annotated[str, StringConstraints(max_length=500), AfterValidator(without_nul)] | None = None


class Alert(Output):
    """Something that somebody has to look at."""

    alert_id: UUID
    kind: str
    subject: str = Field(description="Whom or what it is about: kind and id.")
    raised_at: AwareDatetime
    detail: dict[str, Any] = Field(description="The numbers that raised it.")
    acknowledged_at: AwareDatetime | None
    acknowledged_by: UUID | None
    outcome: str | None


class Alerts(Output):
    """A page of alerts."""

    items: list[Alert]
    next_cursor: str | None = Field(description="Leads to the next page; null: that was all.")
