"""What is asked of whoever writes texts for a cohort, and what comes back; worker/model/client.py is the one there is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Spent:
    """What a call took: requests, repetitions included, and their tokens. No requests: the model was not troubled."""

    requests: int = 0
    tokens_in: int = 0
    tokens_out: int = 0

    def __add__(self, other: Spent) -> Spent:
        return Spent(
            self.requests + other.requests, self.tokens_in + other.tokens_in, self.tokens_out + other.tokens_out
        )


@dataclass(slots=True)
class Allowance:
    """How many requests are left, shared by all who write for one run; SQL says how many (jobs.cohorts)."""

    requests: int

    def take(self) -> bool:
        if self.requests <= 0:
            return False
        self.requests -= 1
        return True


@dataclass(frozen=True, slots=True)
class Written:
    """An answer of the right shape; whether its words are acceptable is for SQL to say."""

    answer: str
    model: str
    spent: Spent


@dataclass(frozen=True, slots=True)
class NotWritten:
    """No usable answer: approved templates go out instead."""

    reason: str
    model: str
    spent: Spent


class Writer(Protocol):
    """Writes texts with placeholders for one cohort of jobs.cohorts; never raises for what the model does."""

    @property
    def name(self) -> str: ...

    async def write(
        self, cohort: Mapping[str, Any], prompt_version: int, allowance: Allowance
    ) -> Written | NotWritten: ...

    async def close(self) -> None: ...
