"""Whether this process should be given requests: it is not draining, the database is at this checkout's state and some
worker hears the queue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Self

import psycopg
from pydantic import ConfigDict, Field, TypeAdapter

from app.edge.calls import Call, Database
from app.edge.envelope import Draining
from app.edge.problems import FieldFault, Problem
from app.endpoints.fields import Output
from db import definitions
from db.migrations import runner

# A load balancer asks every few seconds; an answer that takes longer than this is no.
PATIENCE = 2.0


class Heads(Output):
    """What has been applied to a database."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    migration: str
    definitions: str

    @classmethod
    def of_checkout(cls) -> Self:
        """What this checkout wants; read once, as files may change under a running process."""
        return cls(
            migration=max(file.id for file in runner.read_migrations()),
            definitions=definitions.fingerprint(),
        )


class Ready(Output):
    """The process may be given requests."""

    ready: Literal[True]
    listener_silent_seconds: int | None = Field(
        description="Since a worker last proved that it hears the queue: below 10 where one runs. Null: none ever did."
    )


class Found(Heads):
    """What `api.readiness` answers. Before `db up` it knows nothing of listeners, and the heads say what is wrong."""

    listener_is_alive: bool = True
    listener_silent_seconds: int | None = None


FOUND = TypeAdapter(Found)


@dataclass(frozen=True, slots=True)
class Readiness:
    """Answers `GET /readyz`."""

    database: Database
    call: Call
    wanted: Heads
    draining: Draining

    async def state(self) -> Ready | Problem:
        """Ready, or what is missing.

        A silent queue is not told at once: while a worker is being replaced this process serves all there is to serve.
        How long is too long is the rule listener.silence; by then no code for signing in has left for minutes, and what
        looks at this path should act.
        """
        if self.draining.begun:
            return _not_ready(FieldFault("process", "is draining: it was told to stop"))
        try:
            found = FOUND.validate_json(await self.database.ask_within(PATIENCE, self.call))
        except psycopg.Error:
            return _not_ready(FieldFault("database", "cannot be reached"))
        faults = [
            FieldFault(name, "of the database are not those of this checkout: run `python -m db up`")
            for name in ("migration", "definitions")
            if getattr(found, name) != getattr(self.wanted, name)
        ]
        if not found.listener_is_alive:
            silence = f"no worker has heard the queue for {found.listener_silent_seconds} s: run `python -m worker run`"
            faults.append(FieldFault("listener", silence))
        if faults:
            return _not_ready(*faults)
        return Ready(ready=True, listener_silent_seconds=found.listener_silent_seconds)


def _not_ready(*faults: FieldFault) -> Problem:
    return Problem(503, f"Not ready: {', '.join(fault.field for fault in faults)}.", faults, {"retry-after": "1"})
