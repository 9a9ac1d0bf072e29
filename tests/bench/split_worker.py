"""A worker that discards campaign messages and writes codes to the mailbox folder: `python -m tests.bench.split_worker`.

It serves to measure how soon a busy worker sends a code. Everything but the end of the channel is the real worker.
"""

from __future__ import annotations

import os
import sys

import uvloop

from db import log
from db.provision import find_url
from db.settings import read_settings
from worker import process
from worker.channels.channel import Message, Outcome
from worker.channels.circuit_breaker import GuardedChannel
from worker.channels.mailbox import Mailbox
from worker.channels.null import Null


class Split:
    """Codes are `transactional` messages; all else is the campaign."""

    adapter = "split"
    concurrency = 1

    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox
        self.nowhere = Null()

    async def send(self, message: Message) -> Outcome:
        return await (self.mailbox if message.purpose == "transactional" else self.nowhere).send(message)

    async def close(self) -> None:
        return None


def main() -> int:
    settings = read_settings()
    log.configure(settings.log_level, f"worker {os.getpid()}", sys.stderr)
    split = GuardedChannel(Split(Mailbox(settings.mailbox_dir, settings.mail_from)))
    # The only name by which the process finds its channels.
    vars(process)["channels"] = lambda _: {"email": split}
    return uvloop.run(process.run(settings, find_url(settings), process.Options(schedules=False)))


if __name__ == "__main__":
    raise SystemExit(main())
