"""What handlers work with."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from pgqueuer.models import Job
from pydantic import BaseModel, ConfigDict

from db.keyring import Keyring
from worker.channels.circuit_breaker import GuardedChannel
from worker.jobs import Jobs
from worker.model.writer import Writer

Handler = Callable[[Job], Awaitable[None]]

# How long outcomes wait for a database that is away; later they are lost and the messages in doubt.
RECORD_WITHIN_S = 60.0


@dataclass(frozen=True, slots=True)
class Parts:
    """The connections of one worker process; `stopping` is set when nothing more may be claimed."""

    jobs: Jobs
    channels: Mapping[str, GuardedChannel]
    model: Writer | None
    public_url: str
    keyring: Keyring
    stopping: asyncio.Event = field(default_factory=asyncio.Event)


class Payload(BaseModel):
    """The payload of a job: ids only."""

    model_config = ConfigDict(extra="forbid", frozen=True)
