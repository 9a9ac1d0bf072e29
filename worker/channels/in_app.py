"""Messages inside the app: nothing leaves the house, the inbox row is written in the transaction that records it."""

from __future__ import annotations

from worker.channels.channel import Accepted, Message, Outcome

ACCEPTED = Accepted()


class InApp:
    """jobs.record_outcomes puts the text into outreach.inbox, so recorded and arrived are the same instant."""

    adapter = "in_app"
    concurrency = 1

    async def send(self, message: Message) -> Outcome:
        return ACCEPTED

    async def lookup(self, message_id: str, attempt: int) -> bool:
        """What was not recorded has not arrived: an attempt in doubt can always be released."""
        return False

    async def close(self) -> None:
        return None
