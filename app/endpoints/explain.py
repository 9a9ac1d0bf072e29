"""Why a person was, is or is not written to."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from app.endpoints.fields import Input, Instant, Output
from app.endpoints.row import Endpoint, Who


class Explain(Input):
    """Which person, and at what instant."""

    user_id: UUID
    at: Instant | None = Field(default=None, description="The instant to explain; default: now.")


class Verdict(Output):
    """The verdict of a gate, or of all gates together."""

    verdict: Literal["pass", "refuse", "ghost", "defer", "wait", "expire", "send", "message", "no_candidate", "unknown"]
    reason: str | None
    rule: str | None = Field(description="The rule or cap that decided.")
    rule_version: int | None = Field(description="Its version in force at the instant.")
    frees_at: AwareDatetime | None = Field(
        description="When the gate will pass; null: it passes already, or time alone does not change it."
    )
    evidence: dict[str, Any] = Field(description="Ids, instants and counts that the verdict is based on.")


class Gate(Verdict):
    """One gate, evaluated independently of the others."""

    gate: str


class Answer(Verdict):
    """One campaign and service, or one message, with its gates in order of evaluation."""

    stage: Literal["decided", "plan", "claim"] = Field(
        description="decided: the stored decision of the last planning up to the instant; plan: what planning would "
        "decide at the instant; claim: what a claim would decide about a message that was waiting then."
    )
    campaign_id: UUID | None
    campaign: str | None = Field(description="Its name.")
    service_id: UUID | None
    message_id: UUID | None
    gates: list[Gate]


class Explanation(Output):
    """Why a person was, is or is not written to."""

    user_id: UUID
    at: AwareDatetime
    answers: list[Answer]


ROWS: tuple[Endpoint, ...] = (
    Endpoint(
        "GET", "/admin/explain", "explain", Explain, Explanation,
        who=Who.ADMIN, rate_limit_per="actor", errors=("SH404",),
    ),
)  # fmt: skip
