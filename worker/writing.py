"""What is asked of whoever writes texts for a cohort, and what comes back; worker/model.py is the one there is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Written:
    """An answer of the right shape; whether its words are acceptable is for SQL to say."""

    answer: str
    model: str
    tokens_in: int
    tokens_out: int


@dataclass(frozen=True, slots=True)
class NotWritten:
    """No usable answer: approved templates go out instead. `asked`: whether the model was troubled at all."""

    reason: str
    model: str
    asked: bool = True


class Writer(Protocol):
    """Writes texts with tokens for one cohort of jobs.cohorts; never raises for what the model does."""

    @property
    def name(self) -> str: ...

    async def write(self, cohort: Mapping[str, Any], prompt_version: int) -> Written | NotWritten: ...

    async def close(self) -> None: ...
