"""What admins set: rules and caps, segments, the calendar of quiet periods; and the audit log."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, Field, PlainSerializer, StringConstraints

from app.endpoints.fields import (
    IfMatch,
    Input,
    Instant,
    ListPage,
    Nothing,
    Output,
    PageRequest,
    Purpose,
    Segment,
    TimeOfDay,
    as_json,
    without_nul,
)
from app.endpoints.row import Endpoint, Who

ShortText = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), AfterValidator(without_nul)
]
RuleName = Annotated[str, StringConstraints(min_length=1, max_length=80), AfterValidator(without_nul)]
Days = Annotated[int, Field(ge=1, le=3650)]
Visits = Annotated[int, Field(ge=0, le=10_000)]
ChangeReason = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=500),
    AfterValidator(without_nul),
    Field(description="Why; stored permanently with the change."),
]
Value = Annotated[
    Any,
    AfterValidator(as_json),
    Field(
        description="As value_type, unit and bounds of the rule say. Of a cap {max_messages, window_hours}: max_messages"
        " 0 = never, null = no limit; for a new cap with purpose and channel (null = all together); null ends a cap."
    ),
]
EffectiveFrom = Annotated[Instant | None, Field(description="Instant from which it is in force; default: now.")]


class RuleKey(Input):
    """Which rule or cap."""

    rule: RuleName


class ChangePolicy(RuleKey):
    """The new value, and why."""

    if_match: IfMatch
    value: Value
    reason: ChangeReason
    effective_from: EffectiveFrom = None


class RevertPolicy(RuleKey):
    """Which version to return to, and why."""

    if_match: IfMatch
    reason: ChangeReason
    version: Annotated[int, Field(ge=1, le=2_147_483_647)] | None = Field(
        default=None, description="Version whose value is restored; default: the one before that in force."
    )
    effective_from: EffectiveFrom = None


class DecideProposal(RuleKey):
    """Which proposal, and why."""

    proposal_id: UUID
    reason: ChangeReason


class Proposal(Output):
    """A change that another admin has to approve."""

    proposal_id: UUID
    value: Any = Field(description="The proposed value; null: the cap or quiet period is to end.")
    effective_from: AwareDatetime | None = Field(description="Not before this instant; null: with the approval.")
    author: str
    reason: str
    proposed_at: AwareDatetime
    expires_at: AwareDatetime
    state: Literal["pending", "declined", "expired"]
    decided_by: str | None
    decided_at: AwareDatetime | None
    decision_reason: str | None


class Version(Output):
    """A value with its period, its author and the reason for it."""

    version: int
    value: Any
    valid_from: AwareDatetime | None = Field(description="null: from the beginning.")
    valid_until: AwareDatetime | None = Field(description="null: without end.")
    state: Literal["in_force", "scheduled", "past", "withdrawn"]
    author: str = Field(description="An admin's id, or who set it in the database.")
    reason: str
    approved_by: str | None = Field(description="The second admin; null: none was needed.")


class Policy(Output):
    """A rule or cap with its bounds, versions and proposals."""

    rule: str
    kind: Literal["rule", "cap"]
    value_type: Literal["number", "boolean", "string", "array", "object"]
    unit: str
    minimum: float | None
    maximum: float | None
    loosens: Literal["up", "down"] | None = Field(
        description="Direction that protects people less and needs two admins; null: neither."
    )
    meaning: str
    value: Any = Field(description="In force now; null: none.")
    version: int | None
    versions: list[Version] = Field(description="Latest first.")
    proposals: list[Proposal] = Field(description="Pending, expired and declined ones; latest first.")


class PolicyLine(Output):
    """A rule or cap in the list of all."""

    rule: str
    kind: Literal["rule", "cap"]
    unit: str
    loosens: Literal["up", "down"] | None
    meaning: str
    value: Any
    version: int | None
    since: AwareDatetime | None
    proposal_id: UUID | None = Field(description="The proposal that waits for a second admin.")


class Policies(Output):
    """All rules and caps."""

    items: list[PolicyLine]


class Definition(Input):
    """Conditions of a segment; all of them must hold. null: no condition."""

    segment: Segment
    min_visits: Visits | None = Field(default=None, description="Minimum number of completed bookings.")
    max_visits: Visits | None = Field(default=None, description="Maximum number of completed bookings.")
    first_visit_within_days: Days | None = Field(default=None, description="Maximum age of the first one.")
    silent_for_days: Days | None = Field(default=None, description="Minimum age of the last one.")
    past: Literal["overdue", "lost"] | None = Field(
        default=None, description="Later than the 80th (overdue) or 97.5th (lost) percentile of the own rhythm."
    )


class ChangeSegments(Input):
    """The definitions of all segments, in order of evaluation."""

    if_match: IfMatch
    definitions: Annotated[
        list[Definition],
        Field(min_length=1, max_length=50),
        AfterValidator(as_json),
        PlainSerializer(str, return_type=str),
    ]
    reason: ChangeReason
    preview: bool = Field(default=False, description="Computes the effect without changing anything.")


class ShownDefinition(Output):
    """A definition in force."""

    segment: Segment
    min_visits: int | None
    max_visits: int | None
    first_visit_within_days: int | None
    silent_for_days: int | None
    past: Literal["overdue", "lost"] | None


class SegmentsVersion(Output):
    """A version of the definitions, with its period and author."""

    version: int
    valid_from: AwareDatetime | None
    valid_until: AwareDatetime | None
    author: str
    reason: str


class SegmentCustomers(Output):
    """The number of customers in a segment."""

    segment: Segment
    customers: int


class Segments(Output):
    """How customers are divided into segments."""

    definitions: list[ShownDefinition]
    version: int | None
    versions: list[SegmentsVersion]
    customers: list[SegmentCustomers]
    as_of: AwareDatetime | None = Field(description="Instant of the refresh that counted them; null: none yet.")


class SegmentMove(Output):
    """The number of customers in a segment before and after."""

    segment: Segment
    before: int
    after: int


class SegmentsChanged(Output):
    """The effect of the definitions."""

    version: int | None = Field(description="The new version; null: a preview.")
    customers: list[SegmentMove]


class CalendarFilter(Input):
    """Which part of the calendar."""

    past: bool = Field(default=False, description="Includes periods that are over or withdrawn.")


class QuietTime(Input):
    """When nothing is sent."""

    purpose: Purpose | None = Field(default=None, description="null: every capped purpose.")
    weekday: Annotated[int, Field(ge=1, le=7)] | None = Field(
        default=None, description="Local weekday on which it begins, 1 = Monday; null: every day."
    )
    from_time: TimeOfDay | None = Field(default=None, description="Local time, HH:MM; null: whole days.")
    until_time: TimeOfDay | None = Field(default=None, description="Before from_time: on the next day.")
    until: Instant | None = Field(default=None, description="null: without end.")


class NewQuietPeriod(QuietTime):
    """When nothing is sent, and why."""

    name: ShortText
    reason: ChangeReason
    since: Instant | None = Field(default=None, description="Default: now.")


class EndQuietPeriod(Input):
    """Which quiet period ends, and why."""

    quiet_period_id: UUID
    reason: ChangeReason


class QuietPeriod(Output):
    """A period in which nothing is sent."""

    quiet_period_id: UUID
    name: str
    purpose: Purpose | None
    weekday: int | None
    from_time: str | None
    until_time: str | None
    since: AwareDatetime | None
    until: AwareDatetime | None
    state: Literal["in_force", "coming", "over", "withdrawn"]
    author: str
    reason: str
    created_at: AwareDatetime
    ended_at: AwareDatetime | None = Field(description="When an admin ended it early.")
    ended_by: str | None
    end_reason: str | None
    proposal: Proposal | None = Field(description="Proposal to end it; a call by another admin approves it.")


class Calendar(Output):
    """Quiet periods."""

    items: list[QuietPeriod]


class AuditFilter(PageRequest):
    """Which part of the audit log."""

    by: ShortText | None = Field(default=None, description="Only entries of this actor: a person's id, or a name.")
    action: ShortText | None = None
    subject: Annotated[str, StringConstraints(max_length=200), AfterValidator(without_nul)] | None = None
    since: Instant | None = None
    until: Instant | None = None


class AuditEntry(Output):
    """One recorded action."""

    audit_id: UUID
    happened_at: AwareDatetime
    actor: str
    action: str
    subject: str
    detail: dict[str, Any]


class AuditPage(ListPage):
    """A page of the audit log, latest first."""

    items: list[AuditEntry]


ROWS: tuple[Endpoint, ...] = (
    Endpoint("GET", "/admin/policy", "policies", Nothing, Policies, who=Who.ADMIN, has_etag=True),
    Endpoint(
        "GET", "/admin/policy/{rule}", "policy", RuleKey, Policy,
        who=Who.ADMIN, errors=("SH404",), has_etag=True,
    ),
    Endpoint(
        "PUT", "/admin/policy/{rule}", "change_policy", ChangePolicy, Policy,
        who=Who.ADMIN, errors=("SH404", "SH409", "SH412", "SH422", "SH428"), has_etag=True,
    ),
    Endpoint(
        "POST", "/admin/policy/{rule}/revert", "revert_policy", RevertPolicy, Policy,
        who=Who.ADMIN, errors=("SH404", "SH409", "SH412", "SH422", "SH428"), has_etag=True,
    ),
    Endpoint(
        "POST", "/admin/policy/{rule}/approve", "approve_policy", DecideProposal, Policy,
        who=Who.ADMIN, errors=("SH404", "SH409", "SH422"), has_etag=True,
    ),
    Endpoint(
        "POST", "/admin/policy/{rule}/decline", "decline_policy", DecideProposal, Policy,
        who=Who.ADMIN, errors=("SH404", "SH409", "SH422"), has_etag=True,
    ),
    Endpoint("GET", "/admin/segments", "segments", Nothing, Segments, who=Who.ADMIN, has_etag=True),
    # Without an ETag: it answers the effect of the change, not the document at the path.
    Endpoint(
        "PUT", "/admin/segments", "change_segments", ChangeSegments, SegmentsChanged,
        who=Who.ADMIN, errors=("SH409", "SH412", "SH422", "SH428"),
    ),
    Endpoint("GET", "/admin/calendar", "calendar", CalendarFilter, Calendar, who=Who.ADMIN),
    Endpoint(
        "POST", "/admin/calendar", "add_quiet_period", NewQuietPeriod, QuietPeriod,
        who=Who.ADMIN, status=201, errors=("SH422",),
    ),
    Endpoint(
        "POST", "/admin/calendar/{quiet_period_id}/end", "end_quiet_period", EndQuietPeriod, QuietPeriod,
        who=Who.ADMIN, errors=("SH404", "SH409", "SH422"),
    ),
    Endpoint("GET", "/admin/audit", "audit", AuditFilter, AuditPage, who=Who.ADMIN),
)  # fmt: skip
