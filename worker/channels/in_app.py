"""Messages inside the app: the claim itself writes the text into outreach.inbox_message, so nothing is sent."""

from __future__ import annotations

from worker.channels.channel import Accepted, Message, Outcome

ACCEPTED = Accepted()


class InApp:
    """A claimed message has arrived."""

    adapter = "in_app"
    concurrency = 1

    async def send(self, message: Message) -> Outcome:
        return ACCEPTED

    async def lookup(self, message_id: str, attempt: int) -> bool:
        """Always true: a claimed message has arrived, whether or not its outcome was recorded."""
        return True

    async def close(self) -> None:
        return None
