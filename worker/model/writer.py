"""The interface of a writer of texts for cohorts; worker/model/client.py implements it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Usage:
    """What a call cost: requests, repetitions included, and their tokens. No requests: the model was not asked."""

    requests: int = 0
    tokens_in: int = 0
    tokens_out: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.requests + other.requests, self.tokens_in + other.tokens_in, self.tokens_out + other.tokens_out
        )


@dataclass(slots=True)
class RequestBudget:
    """The requests that are left for one run, shared by all its cohorts; jobs.cohorts gives their number."""

    requests: int

    def take(self) -> bool:
        if self.requests <= 0:
            return False
        self.requests -= 1
        return True


@dataclass(frozen=True, slots=True)
class WrittenTexts:
    """An answer of the right shape; SQL checks its words."""

    answer: str
    model: str
    usage: Usage


@dataclass(frozen=True, slots=True)
class WritingFailure:
    """No usable answer: approved templates are sent instead."""

    reason: str
    model: str
    usage: Usage


class Writer(Protocol):
    """Writes texts with placeholders for one cohort of jobs.cohorts; never raises for what the model does."""

    @property
    def name(self) -> str: ...

    async def write(
        self, cohort: Mapping[str, Any], prompt_version: int, budget: RequestBudget
    ) -> WrittenTexts | WritingFailure: ...

    async def close(self) -> None: ...
