"""Input and output of explaining what was decided about a person."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from app.endpoints.fields import Input, Instant, Output


class Explain(Input):
    """Whom about, and when."""

    user_id: UUID
    at: Instant | None = Field(default=None, description="The instant to explain; default: now.")


class Verdict(Output):
    """What a gate says, or all of them together."""

    verdict: Literal["pass", "refuse", "ghost", "defer", "wait", "expire", "send", "message", "no_candidate", "unknown"]
    reason: str | None
    rule: str | None = Field(description="Rule or cap that stands behind it.")
    rule_version: int | None = Field(description="Its version in force at the instant.")
    frees_at: AwareDatetime | None = Field(description="When it lets through; null: it does, or not by time alone.")
    evidence: dict[str, Any] = Field(description="Ids, instants and counts that the verdict rests on.")


class Gate(Verdict):
    """One gate, judged by itself."""

    gate: str


class Answer(Verdict):
    """One question about one campaign and service, or one message, with its gates in the order they are asked."""

    stage: Literal["decided", "plan", "claim"] = Field(
        description="decided: by the last planning until then, as stored; plan: what planning would say at the "
        "instant; claim: what a claim would say of a message that was waiting."
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
