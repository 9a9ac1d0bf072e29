"""The mailbox folder: complete files only, each attempt once, and a look-up."""

from __future__ import annotations

import asyncio
from email import message_from_bytes
from email.policy import default
from pathlib import Path

from tests.worker.messages import message
from worker.channels.channel import Accepted, Later, LooksUp, Outcome, Refused
from worker.channels.mailbox import Mailbox

SENDER = "Shokti <reminders@shokti.example>"


def send(mailbox: Mailbox, *messages: object) -> list[Outcome]:
    async def all_of_them() -> list[Outcome]:
        return [await mailbox.send(sent) for sent in messages]  # type: ignore[arg-type]

    return asyncio.run(all_of_them())


def test_a_message_is_a_file_that_a_mail_reader_opens(tmp_path: Path) -> None:
    mailbox, sent = Mailbox(tmp_path, SENDER), message()
    assert send(mailbox, sent) == [Accepted(f"{sent.message_id}.1.eml")]
    (file,) = (tmp_path / "new").iterdir()
    assert sent.message_id in file.name
    assert message_from_bytes(file.read_bytes(), policy=default)["Subject"] == sent.subject
    assert not list((tmp_path / "tmp").iterdir())


def test_the_same_attempt_twice_is_one_file_and_another_attempt_is_seen(tmp_path: Path) -> None:
    mailbox, sent = Mailbox(tmp_path, SENDER), message()
    send(mailbox, sent, sent, message(message_id=sent.message_id, attempt=2))
    assert sorted(file.name for file in (tmp_path / "new").iterdir()) == [
        f"{sent.message_id}.1.eml",
        f"{sent.message_id}.2.eml",
    ]


def test_it_knows_what_arrived_also_after_it_was_read(tmp_path: Path) -> None:
    mailbox, sent = Mailbox(tmp_path, SENDER), message()
    assert isinstance(mailbox, LooksUp)
    assert not asyncio.run(mailbox.lookup(sent.message_id, 1))
    send(mailbox, sent)
    assert asyncio.run(mailbox.lookup(sent.message_id, 1))
    assert not asyncio.run(mailbox.lookup(sent.message_id, 2))
    (file,) = (tmp_path / "new").iterdir()
    file.rename(tmp_path / "cur" / (file.name + ":2,S"))
    assert asyncio.run(mailbox.lookup(sent.message_id, 1))


def test_without_address_or_folder_nothing_is_claimed_to_be_sent(tmp_path: Path) -> None:
    mailbox = Mailbox(tmp_path, SENDER)
    (tmp_path / "tmp").rmdir()
    no_address, no_folder = send(mailbox, message(None), message())
    assert no_address == Refused("address_missing")
    assert isinstance(no_folder, Later)
    assert no_folder.provider_is_down
