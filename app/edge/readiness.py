"""Readiness: not draining, the database has this checkout's migrations and definitions, a worker process gets notifications."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Self

import psycopg
from pydantic import ConfigDict, Field

from app.edge.calls import Call, Database
from app.edge.envelope import Draining
from app.edge.problems import FieldFault, Problem
from app.endpoints.fields import Output
from db import definitions
from db.migrations import runner

# Load balancers probe every few seconds; a slower answer counts as not ready.
PROBE_TIMEOUT_S = 2.0


@dataclass(frozen=True, slots=True)
class ExpectedVersions:
    """The latest migration and the fingerprint of the definitions in this checkout."""

    migration: str
    definitions: str

    @classmethod
    def of_checkout(cls) -> Self:
        """Read once, because files may change under a running process."""
        return cls(
            migration=max(file.id for file in runner.read_migrations()),
            definitions=definitions.fingerprint(),
        )


class Ready(Output):
    """The process can serve requests."""

    ready: Literal[True]
    listener_silent_seconds: int | None = Field(
        description="Seconds since a worker process last received a notification, below 10 while one runs. Null: never."
    )


class ReportedState(Output):
    """The answer of `api.readiness`. Other versions of it may report more or less; their fingerprint differs anyway."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    migration: str
    definitions: str
    listener_is_alive: bool = True
    listener_silent_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Readiness:
    """Answers `GET /readyz`."""

    database: Database
    call: Call
    expected: ExpectedVersions
    draining: Draining

    async def state(self) -> Ready | Problem:
        """Ready, or what is missing.

        A silent listener is reported only after the rule listener.silence: while a worker process is replaced, everything
        else is served. After that time no sign-in code has been sent for minutes, and an operator should act.
        """
        if self.draining.begun:
            return _not_ready(FieldFault("process", "is draining: it received a stop signal"))
        try:
            found = ReportedState.model_validate_json(await self.database.call_within(PROBE_TIMEOUT_S, self.call))
        except psycopg.Error:
            return _not_ready(FieldFault("database", "cannot be reached"))
        faults = [
            FieldFault(name, "of the database are not those of this checkout: run `python -m db up`")
            for name in ("migration", "definitions")
            if getattr(found, name) != getattr(self.expected, name)
        ]
        if not found.listener_is_alive:
            silence = f"no worker has received a notification for {found.listener_silent_seconds} s"
            faults.append(FieldFault("listener", f"{silence}: run `python -m worker run`"))
        if faults:
            return _not_ready(*faults)
        return Ready(ready=True, listener_silent_seconds=found.listener_silent_seconds)


def _not_ready(*faults: FieldFault) -> Problem:
    return Problem(503, f"Not ready: {', '.join(fault.field for fault in faults)}.", faults, {"retry-after": "1"})
