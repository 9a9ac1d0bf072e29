"""Whether this process should be given requests: it is not draining, and the database is at this checkout's state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import psycopg
from pydantic import ConfigDict, TypeAdapter

from app.calls import Call, Database
from app.envelope import Draining
from app.fields import Output
from app.problems import FieldFault, Problem
from db import definitions, migration

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
            migration=max(file.id for file in migration.read_migrations()),
            definitions=definitions.fingerprint(),
        )


HEADS = TypeAdapter(Heads)


@dataclass(frozen=True, slots=True)
class Readiness:
    """Answers `GET /readyz`."""

    database: Database
    call: Call
    wanted: Heads
    draining: Draining

    async def fault(self) -> Problem | None:
        """What is missing, or None."""
        if self.draining.begun:
            return _not_ready(FieldFault("process", "is draining: it was told to stop"))
        try:
            found = HEADS.validate_json(await self.database.ask_within(PATIENCE, self.call))
        except psycopg.Error:
            return _not_ready(FieldFault("database", "cannot be reached"))
        faults = [
            FieldFault(name, "of the database are not those of this checkout: run `python -m db up`")
            for name in ("migration", "definitions")
            if getattr(found, name) != getattr(self.wanted, name)
        ]
        return _not_ready(*faults) if faults else None


def _not_ready(*faults: FieldFault) -> Problem:
    return Problem(503, f"Not ready: {', '.join(fault.field for fault in faults)}.", faults, {"retry-after": "1"})
