"""An adapter that accepts every message and discards it, for measuring our own cost."""

from __future__ import annotations

from worker.channels.channel import Accepted, Message, Outcome

ACCEPTED = Accepted()


class Null:
    """Configured by SMTP_URL=null://; refused in production."""

    adapter = "null"
    concurrency = 1

    async def send(self, message: Message) -> Outcome:
        return ACCEPTED

    async def close(self) -> None:
        return None
