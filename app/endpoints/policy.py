"""Inputs and outputs of what admins set: rules and caps, segments, the calendar of quiet periods; the audit log."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, Field, PlainSerializer, StringConstraints
from pydantic_core import to_json

from app.endpoints.fields import IfMatch, Input, Instant, Output, without_nul
from app.endpoints.market import PageOf, as_json
from app.endpoints.me import TimeOfDay

CappedPurpose = Literal["outreach", "coaching", "voice"]
Segment = Literal["new", "repeat", "at_risk", "inactive"]
Words = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500), AfterValidator(without_nul)
]
Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), AfterValidator(without_nul)
]
RuleName = Annotated[str, StringConstraints(min_length=1, max_length=80), AfterValidator(without_nul)]
Days = Annotated[int, Field(ge=1, le=3650)]
Visits = Annotated[int, Field(ge=0, le=10_000)]


def as_text(value: Any) -> str:
    """Any JSON value, read in SQL: as text, for the argument is jsonb."""
    return to_json(value).decode()


Reason = Annotated[Words, Field(description="Why; kept with the change for good.")]
Value = Annotated[
    Any,
    AfterValidator(as_text),
    Field(
        description="As the rule's value_type, unit and bounds say. Of a cap {max_messages, window_hours}: max_messages"
        " 0 = never, null = no limit; for a new cap with purpose and channel (null = all together); null ends a cap."
    ),
]
EffectiveFrom = Annotated[Instant | None, Field(description="From which instant on; default: now.")]


class RuleOf(Input):
    """Which rule or cap."""

    rule: RuleName


class ChangePolicy(RuleOf):
    """What it is to be, and why."""

    if_match: IfMatch
    value: Value
    reason: Reason
    effective_from: EffectiveFrom = None


class RevertPolicy(RuleOf):
    """Back to which version, and why."""

    if_match: IfMatch
    reason: Reason
    version: Annotated[int, Field(ge=1, le=2_147_483_647)] | None = Field(
        default=None, description="Whose value; default: the one before that in force."
    )
    effective_from: EffectiveFrom = None


class DecideProposal(RuleOf):
    """Which proposal, and why."""

    proposal_id: UUID
    reason: Reason


class Proposal(Output):
    """A change that another admin has to approve."""

    proposal_id: UUID
    value: Any = Field(description="What it is to be; null: it is to end.")
    effective_from: AwareDatetime | None = Field(description="Not before; null: with the approval.")
    author: str
    reason: str
    proposed_at: AwareDatetime
    expires_at: AwareDatetime
    state: Literal["pending", "declined", "expired"]
    decided_by: str | None
    decided_at: AwareDatetime | None
    decision_reason: str | None


class Version(Output):
    """A value with its time, its author and the reason for it."""

    version: int
    value: Any
    valid_from: AwareDatetime | None = Field(description="null: from the beginning.")
    valid_until: AwareDatetime | None = Field(description="null: without end.")
    state: Literal["in_force", "scheduled", "past", "withdrawn"]
    author: str = Field(description="An admin's id, or who wrote it by hand.")
    reason: str
    approved_by: str | None = Field(description="The second admin; null: it needed none.")


class Policy(Output):
    """A rule or cap: what it is, what it may be, what it was."""

    rule: str
    kind: Literal["rule", "cap"]
    value_type: Literal["number", "boolean", "string", "array", "object"]
    unit: str
    minimum: float | None
    maximum: float | None
    loosens: Literal["up", "down"] | None = Field(
        description="Direction that protects people less and needs two admins; null: neither does."
    )
    meaning: str
    value: Any = Field(description="In force now; null: nothing is.")
    version: int | None
    versions: list[Version] = Field(description="Latest first.")
    proposals: list[Proposal] = Field(description="Those that wait, expired or were declined; latest first.")


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
    proposal_id: UUID | None = Field(description="Of the proposal that waits for a second admin.")


class Policies(Output):
    """Every rule and cap."""

    items: list[PolicyLine]


class Definition(Input):
    """Conditions that all have to hold; null: not asked for."""

    segment: Segment
    min_visits: Visits | None = Field(default=None, description="Least completed bookings.")
    max_visits: Visits | None = Field(default=None, description="Most completed bookings.")
    first_visit_within_days: Days | None = Field(default=None, description="The first one not longer ago.")
    silent_for_days: Days | None = Field(default=None, description="The last one at least so long ago.")
    past: Literal["overdue", "lost"] | None = Field(
        default=None, description="Later than the 80th (overdue) or 97.5th (lost) percentile of the own rhythm."
    )


class ChangeSegments(Input):
    """The definitions of all segments, in the order they are tried."""

    if_match: IfMatch
    definitions: Annotated[
        list[Definition],
        Field(min_length=1, max_length=50),
        AfterValidator(as_json),
        PlainSerializer(str, return_type=str),
    ]
    reason: Reason
    preview: bool = Field(default=False, description="Only tell what it would do.")


class ShownDefinition(Output):
    """A definition as it stands."""

    segment: Segment
    min_visits: int | None
    max_visits: int | None
    first_visit_within_days: int | None
    silent_for_days: int | None
    past: Literal["overdue", "lost"] | None


class SegmentsVersion(Output):
    """When which definitions held, and who set them."""

    version: int
    valid_from: AwareDatetime | None
    valid_until: AwareDatetime | None
    author: str
    reason: str


class SegmentSize(Output):
    """How many customers a segment holds."""

    segment: Segment
    customers: int


class Segments(Output):
    """How customers are divided."""

    definitions: list[ShownDefinition]
    version: int | None
    versions: list[SegmentsVersion]
    customers: list[SegmentSize]
    as_of: AwareDatetime | None = Field(description="Of the refresh that the numbers are of; null: there was none yet.")


class SegmentMove(Output):
    """How many customers a segment held and would hold."""

    segment: Segment
    before: int
    after: int


class SegmentsChanged(Output):
    """What the definitions do."""

    version: int | None = Field(description="The new version; null: it was only a preview.")
    customers: list[SegmentMove]


class CalendarOf(Input):
    """Which part of the calendar."""

    past: bool = Field(default=False, description="Also what is over or was taken back.")


class NewQuietPeriod(Input):
    """When nothing is to be sent, and why."""

    name: Name
    reason: Reason
    purpose: CappedPurpose | None = Field(default=None, description="null: every capped purpose.")
    weekday: Annotated[int, Field(ge=1, le=7)] | None = Field(
        default=None, description="Local weekday on which it begins, 1 = Monday; null: every day."
    )
    from_time: TimeOfDay | None = Field(default=None, description="Local time, HH:MM; null: whole days.")
    until_time: TimeOfDay | None = Field(default=None, description="Before from_time: on the next day.")
    since: Instant | None = Field(default=None, description="Default: now.")
    until: Instant | None = Field(default=None, description="null: without end.")


class EndQuietPeriod(Input):
    """Which, and why."""

    quiet_period_id: UUID
    reason: Reason


class QuietPeriod(Output):
    """A time at which nothing is sent."""

    quiet_period_id: UUID
    name: str
    purpose: CappedPurpose | None
    weekday: int | None
    from_time: str | None
    until_time: str | None
    since: AwareDatetime | None
    until: AwareDatetime | None
    state: Literal["in_force", "coming", "over", "withdrawn"]
    author: str
    reason: str
    created_at: AwareDatetime
    ended_at: AwareDatetime | None = Field(description="When somebody ended it before its time.")
    ended_by: str | None
    end_reason: str | None
    proposal: Proposal | None = Field(description="To end it; another admin's call does.")


class Calendar(Output):
    """Quiet periods."""

    items: list[QuietPeriod]


class AuditOf(PageOf):
    """Which part of the audit log."""

    by: Name | None = Field(default=None, description="Only what this actor did: a person's id, or a name.")
    action: Name | None = None
    subject: Annotated[str, StringConstraints(max_length=200), AfterValidator(without_nul)] | None = None
    since: Instant | None = None
    until: Instant | None = None


class AuditEntry(Output):
    """Something that was done."""

    audit_id: UUID
    happened_at: AwareDatetime
    actor: str
    action: str
    subject: str
    detail: dict[str, Any]


class AuditPage(Output):
    """A page of the audit log, the latest first."""

    items: list[AuditEntry]
    next_cursor: str | None
