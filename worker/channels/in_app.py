"""Messages inside the app: nothing leaves the house, the claim itself puts the text into outreach.inbox_message."""

from __future__ import annotations

from worker.channels.channel import Accepted, Message, Outcome

ACCEPTED = Accepted()


class InApp:
    """Claimed and arrived are the same instant, so there is nothing to do and nothing to lose."""

    adapter = "in_app"
    concurrency = 1

    async def send(self, message: Message) -> Outcome:
        return ACCEPTED

    async def lookup(self, message_id: str, attempt: int) -> bool:
        """Whatever was claimed has arrived, whether or not we lived to say so."""
        return True

    async def close(self) -> None:
        return None
