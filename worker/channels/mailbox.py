"""A Maildir folder instead of a mail server: each message is an .eml file in it."""

from __future__ import annotations

from pathlib import Path

from worker.channels.channel import Accepted, Later, Message, Outcome, Refused
from worker.channels.mime import MessageWriter


class Mailbox:
    """File names hold message id and attempt, so that a look-up can find them."""

    adapter = "mailbox"
    concurrency = 1

    def __init__(self, folder: Path, sender: str) -> None:
        self._writer = MessageWriter(sender)
        self._folder = folder
        for part in ("tmp", "new", "cur"):
            (folder / part).mkdir(parents=True, exist_ok=True)

    async def send(self, message: Message) -> Outcome:
        if message.address is None:
            return Refused("address_missing")
        name = file_name(message.message_id, message.attempt)
        unfinished, finished = self._folder / "tmp" / name, self._folder / "new" / name
        if finished.exists():
            return Accepted(name)
        try:
            # A few kilobytes on a local disk: faster than another thread would be.
            unfinished.write_bytes(self._writer.message(message))
            unfinished.rename(finished)
        except OSError as error:
            return Later(f"mailbox {error.strerror}", provider_is_down=True)
        return Accepted(name)

    async def lookup(self, message_id: str, attempt: int) -> bool:
        """Whether the file exists. Mail programs move read messages from new to cur and append flags to the name."""
        name = file_name(message_id, attempt)
        return (self._folder / "new" / name).exists() or any((self._folder / "cur").glob(name + "*"))

    async def close(self) -> None:
        return None


def file_name(message_id: str, attempt: int) -> str:
    return f"{message_id}.{attempt}.eml"
