"""Campaigns and their messages, single and bulk sends, and runs that our own programs ask for."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, Field, PlainSerializer, StringConstraints

from app.endpoints.fields import (
    AuditReason,
    Channel,
    Input,
    Instant,
    Language,
    ListPage,
    Output,
    PageRequest,
    Segment,
    Share,
    TimeOfDay,
    WithoutNul,
    as_json,
    comma_list,
    without_nul,
)
from app.endpoints.row import Endpoint, Who

Status = Literal["draft", "scheduled", "running", "paused", "completed", "stopped", "failed"]
MessageState = Literal[
    "ghost", "scheduled", "claimed", "in_doubt", "sent", "delivered", "opened", "clicked", "booked", "bounced",
    "expired", "refused", "failed",
]  # fmt: skip
CampaignName = Annotated[
    str,
    StringConstraints(min_length=1, max_length=100, strip_whitespace=True),
    AfterValidator(without_nul),
    Field(description="Part of the addresses that links lead to (utm_campaign). Never name a customer in it."),
]
TriggerKey = Annotated[str, StringConstraints(pattern="^[A-Za-z0-9][A-Za-z0-9 ._:/-]{0,79}$")]
SegmentList = Annotated[list[Segment], Field(min_length=1, max_length=4)]
ChannelList = Annotated[list[Channel], Field(min_length=1, max_length=5)]


class CampaignFilter(PageRequest):
    """Which campaigns."""

    status: Annotated[str, comma_list(Status)] | None = Field(
        default=None, description="One status or several, separated by commas; default: any."
    )


class NewCampaign(Input):
    """A campaign of reminders."""

    name: CampaignName
    segments: SegmentList = Field(default=["repeat", "at_risk", "new"], description="Who gets messages; not all four.")
    channels: ChannelList = Field(default=["email"], description="In order of preference.")
    holdout_share: Share = Field(
        default=0.1, description="Share held out to measure the effect; fixed by the first run."
    )
    canary_share: Share = Field(default=0.1, description="Share that gets messages first; 1: everybody at once.")
    window_from: TimeOfDay = Field(default="09:00", description="Earliest time of sending, in the person's zone.")
    window_until: TimeOfDay = Field(default="20:30", description="Latest time of sending.")
    repeats: bool = Field(default=True, description="Planned every day; false: only on request, then completed.")
    starts_at: Instant | None = Field(default=None, description="Automatic start; default: it stays a draft.")
    ends_at: Instant | None = Field(default=None, description="Automatic completion; default: never.")
    reason: AuditReason


class CampaignId(Input):
    """Which campaign."""

    campaign_id: UUID


class ActOnCampaign(CampaignId):
    """Why the campaign is changed."""

    reason: AuditReason


class StopCampaign(ActOnCampaign):
    """Why it is stopped, and whether all of it."""

    run_id: UUID | None = Field(default=None, description="Stops this run only; default: the whole campaign.")


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
    campaign_id: UUID | None = Field(default=None, description="Default: every running campaign of the segment.")
    trigger_key: TriggerKey | None = Field(default=None, description="The same key plans once; default: once a day.")


class PreviewCampaign(CampaignId):
    """Values to try. Without any it is the dry run of the campaign."""

    rules: Annotated[
        dict[Annotated[str, StringConstraints(max_length=80), WithoutNul()], float],
        Field(max_length=20),
        AfterValidator(as_json),
        PlainSerializer(str, return_type=str),
    ] = Field(
        default_factory=dict,
        validate_default=True,
        description="Rules of planning by name; default: the values in force.",
    )
    segments: SegmentList | None = Field(default=None, description="Who gets messages; default: the campaign's.")
    holdout_share: Share | None = Field(default=None, description="Share held out; default: the campaign's.")
    window_from: TimeOfDay | None = Field(
        default=None, description="Earliest time of sending; default: the campaign's."
    )
    window_until: TimeOfDay | None = Field(default=None, description="Latest time of sending; default: the campaign's.")


class PreviewId(CampaignId):
    """Which preview of which campaign."""

    preview_id: UUID


class Planned(Output):
    """Decisions of planning. A candidate is a pair of a person and a service that is due."""

    candidates: int
    messages: int
    ghosts: int = Field(description="Held out.")
    refused: int
    refusals: dict[str, int] = Field(description="By reason.")


class SegmentPlanned(Planned):
    """The decisions for one segment."""

    segment: Segment


class PlannedInTotal(Planned):
    """The decisions in total and by segment."""

    segments: list[SegmentPlanned]


class PreviewResult(Output):
    """The decisions by the values in force (today) and by the given values (tried)."""

    planned_at: AwareDatetime
    predicted_at: AwareDatetime | None = Field(description="Instant of the predictions; null: none yet.")
    today: PlannedInTotal
    tried: PlannedInTotal


class CampaignPreview(Output):
    """A preview of a campaign; values that were not given are null."""

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
    """A run that was queued for planning."""

    campaign_id: UUID
    trigger_key: str
    segment: Segment | None
    run_id: UUID | None = Field(description="Null until it is planned.")


class RunsAsked(Output):
    """Runs that were queued for planning."""

    items: list[RunAsked]


class LastRun(Output):
    """The latest run of a campaign."""

    run_id: UUID
    trigger_key: str
    planned_at: AwareDatetime
    candidates: int
    segments: list[Segment] | None = Field(description="Null: all of the campaign's.")


class Campaign(Output):
    """Who gets messages about what."""

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
    widened_at: AwareDatetime | None = Field(description="When it was rolled out to everybody; null: canary only.")
    holdout_share: float
    window_from: str
    window_until: str
    created_at: AwareDatetime
    created_by: str
    version: int
    changed_by: str | None = Field(description="Id of the admin, or name of the component, that changed it last.")
    changed_reason: str | None
    last_run: LastRun | None


class Campaigns(ListPage):
    """A page of campaigns."""

    items: list[Campaign]


class Guardrail(Output):
    """One condition that stops the campaign."""

    guardrail: Literal["opt_outs", "complaints", "bounces", "sample_ratio"]
    sample: int
    hits: int
    rate: float | None
    maximum: float = Field(description="Highest acceptable rate; of sample_ratio: the planned share.")
    chance: float = Field(description="Probability of a result at least as extreme if the true rate is the maximum.")
    verdict: Literal["good", "watch", "too_early", "bad"]


class RunFigures(Output):
    """The counts of a run, which account for every candidate."""

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
    """The messages at the time of the stop."""

    run_id: UUID | None = Field(description="Null: the whole campaign.")
    went: int = Field(description="Sent before the stop.")
    in_hand: int = Field(description="Claimed or in doubt: whether they arrive is not known yet.")
    refused: int


class StoppedCampaign(CampaignDetail):
    """A campaign after its stop."""

    stopped: StoppedRun


class MessageFilter(PageRequest):
    """Which messages."""

    campaign_id: UUID | None = None
    run_id: UUID | None = None
    user_id: UUID | None = None
    state: Annotated[str, comma_list(MessageState, max_length=200)] | None = Field(
        default=None, description="One state or several, separated by commas; default: any."
    )
    channel: Channel | None = None


class CampaignMessage(Output):
    """A message of a campaign with its state and the reason for it. Ids only."""

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
    sent_at: AwareDatetime | None = Field(description="Null: never sent, or the sending did not count.")
    service_id: UUID | None
    template_id: UUID | None
    occurrence: str
    exempt_reason: str | None = Field(description="Why caps do not apply to it.")


class CampaignMessages(ListPage):
    """A page of messages."""

    items: list[CampaignMessage]


class _Send(Input):
    """Fields of single and bulk sends."""

    template_id: UUID = Field(description="An approved text; each reader gets its counterpart in their language.")
    service_id: UUID | None = Field(default=None, description="Required where the text names a service.")
    urgent: bool = Field(default=False, description="Caps do not apply; the reason is listed in a report.")
    reason: AuditReason
    dry_run: bool = Field(default=False, description="Decides and renders in the same way, but changes nothing.")


class SendSingle(_Send):
    """A text to one customer."""

    user_id: UUID
    channel: Channel | None = Field(default=None, description="Only this one; default: the person's best.")


class SendBulk(_Send):
    """A text to segments, or to a list of customers."""

    name: CampaignName
    segments: SegmentList | None = None
    user_ids: Annotated[list[UUID], Field(min_length=1, max_length=5000)] | None = None
    channels: ChannelList = Field(default=["email"], description="In order of preference.")
    canary_share: Share = Field(
        default=1, description="Share that gets the message first; the rest follows once guardrails are good."
    )
    holdout_share: Share = Field(default=0, description="Share held out to measure the effect.")


class Text(Output):
    """What the reader sees; links are shown as {link} and {stop_link}."""

    channel: Channel
    language: Language
    subject: str
    body: str


class SingleSent(Output):
    """The outcome of a single send."""

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
    """A person who gets no message, and why."""

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
    refused_people: list[RefusedPerson] = Field(description="At most 200; refusals has the totals.")
    texts: list[Text] = Field(description="One for each channel and language.")


class BulkAsked(Output):
    """A bulk send that was queued for planning, or its preview."""

    dry_run: bool
    campaign_id: UUID | None = Field(description="Null for a dry run, which stores nothing.")
    trigger_key: str | None = Field(description="Key of the first run of the campaign.")
    people: int = Field(description="Number of people before any gate.")
    run_id: UUID | None = Field(description="Null until it is planned.")
    preview: BulkPreview | None = Field(description="Null unless it was a dry run.")


ROWS: tuple[Endpoint, ...] = (
    Endpoint("GET", "/admin/campaigns", "campaigns", CampaignFilter, Campaigns, who=Who.ADMIN),
    Endpoint(
        "POST", "/admin/campaigns", "create_campaign", NewCampaign, Campaign,
        who=Who.ADMIN, status=201, errors=("SH409", "SH422"),
    ),
    Endpoint(
        "POST", "/admin/campaigns/run", "run_campaign", RunCampaign, RunAsked,
        who=Who.ADMIN, status=202, idempotent=True, errors=("SH404", "SH409", "SH422"),
    ),
    Endpoint(
        "GET", "/admin/campaigns/{campaign_id}", "campaign", CampaignId, CampaignDetail,
        who=Who.ADMIN, errors=("SH404",),
    ),
    Endpoint(
        "POST", "/admin/campaigns/{campaign_id}/preview", "preview_campaign", PreviewCampaign, CampaignPreview,
        who=Who.ADMIN, status=202, rate_limit_per="actor", errors=("SH404", "SH409", "SH422"),
    ),
    Endpoint(
        "GET", "/admin/campaigns/{campaign_id}/preview/{preview_id}", "campaign_preview", PreviewId, CampaignPreview,
        who=Who.ADMIN, errors=("SH404",),
    ),
    Endpoint(
        "POST", "/admin/campaigns/{campaign_id}/pause", "pause_campaign", ActOnCampaign, CampaignDetail,
        who=Who.ADMIN, idempotent=True, errors=("SH404", "SH409"),
    ),
    Endpoint(
        "POST", "/admin/campaigns/{campaign_id}/resume", "resume_campaign", ActOnCampaign, CampaignDetail,
        who=Who.ADMIN, idempotent=True, errors=("SH404", "SH409"),
    ),
    Endpoint(
        "POST", "/admin/campaigns/{campaign_id}/stop", "stop_campaign", StopCampaign, StoppedCampaign,
        who=Who.ADMIN, idempotent=True, errors=("SH404",),
    ),
    Endpoint(
        "POST", "/admin/campaigns/{campaign_id}/widen", "widen_campaign", ActOnCampaign, CampaignDetail,
        who=Who.ADMIN, idempotent=True, errors=("SH404", "SH409"),
    ),
    Endpoint(
        "POST", "/admin/campaigns/{campaign_id}/flag", "flag_campaign", FlagCampaign, CampaignDetail,
        who=Who.ADMIN, idempotent=True, errors=("SH404",),
    ),
    Endpoint("GET", "/admin/ai-messages", "admin_messages", MessageFilter, CampaignMessages, who=Who.ADMIN),
    Endpoint(
        "POST", "/admin/smartengage/send-single", "send_single", SendSingle, SingleSent,
        who=Who.ADMIN, rate_limit_per="actor", errors=("SH409", "SH422"),
    ),
    Endpoint(
        "POST", "/admin/smartengage/send-bulk", "send_bulk", SendBulk, BulkAsked,
        who=Who.ADMIN, status=202, rate_limit_per="actor", errors=("SH409", "SH422"),
    ),
    Endpoint(
        "POST", "/internal/ai/smartengage/run-segment", "run_segment", RunSegment, RunsAsked,
        who=Who.PROGRAM, status=202, idempotent=True, errors=("SH404", "SH409", "SH422"),
    ),
)  # fmt: skip
