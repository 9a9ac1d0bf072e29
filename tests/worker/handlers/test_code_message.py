"""One-time codes, sent by a real worker and read from a mailbox."""

from __future__ import annotations

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from uuid import uuid4

import pytest

from db.connection import Connection
from db.keyring import ONE_TIME_CODE, Keyring, SealBrokenError
from db.settings import read_settings
from tests.doubles.process import Sink
from tests.worker.stage import Start, until
from worker.handlers import code_message

CODE = "042917"
TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def asked(db: Connection, address: str = "rahima@example.com", language: str = "bn") -> str:
    """Requests a code as the edge does; the id of the request."""
    keyring = read_settings().keyring
    request_id = str(uuid4())
    content = f'{{"code": "{CODE}", "destination": "{address}"}}'.encode()
    mac = keyring.mac("destination", address.encode())
    sealed = keyring.seal(ONE_TIME_CODE, content, request_id.encode())
    db.execute(
        "select account.request_code(%s, 'email', %s, %s, null, %s, %s, %s, %s, clock.now())"
        " from set_config('shokti.traceparent', %s, true)",
        [request_id, address, mac, mac, mac, sealed, language, TRACE],
    )
    return request_id


def row(db: Connection, request_id: str) -> tuple[str | None, bool, bool]:
    found = db.execute(
        "select outcome, sent_at is not null, sealed is null from account.one_time_code where request_id = %s",
        [request_id],
    ).fetchone()
    assert found is not None
    return found


def letter(path: Path) -> EmailMessage:
    return message_from_bytes(path.read_bytes(), policy=default)


@pytest.mark.parametrize(
    ("language", "subject", "minutes"),
    [("bn", "আপনার প্রবেশের কোড", "৫ মিনিট"), ("en", "Your sign-in code", "5 minutes")],
)
def test_a_code_lies_in_the_mailbox_and_nowhere_else(
    db: Connection, worker: Start, tmp_path: Path, language: str, subject: str, minutes: str
) -> None:
    request_id = asked(db, language=language)
    running = worker()
    (path,) = until(lambda: list((tmp_path / "mailbox" / "new").glob("*.eml")), what="the letter")
    message = letter(path)
    assert (message["To"], message["Subject"]) == ("rahima@example.com", subject)
    assert "List-Unsubscribe" not in message
    body = message.get_body(("plain",))
    assert body is not None
    assert body.get_content().splitlines()[0].endswith(f": {CODE}")
    assert minutes in body.get_content()
    until(lambda: row(db, request_id) == ("accepted", True, True), what="the record")
    (said,) = running.said("code_sent")
    assert said["trace_id"] == TRACE.split("-")[1]
    assert CODE not in running.log.read_text()
    assert "rahima" not in running.log.read_text()


def test_what_is_no_longer_valid_is_not_sent(db: Connection, worker: Start, tmp_path: Path) -> None:
    request_id = asked(db)
    db.execute("update account.one_time_code set superseded_at = clock.now() where request_id = %s", [request_id])
    running = worker()
    until(lambda: running.said("code_not_needed"))
    assert not list((tmp_path / "mailbox" / "new").iterdir())


def test_a_server_that_is_busy_is_asked_again(db: Connection, worker: Start, sink: Sink) -> None:
    request_id = asked(db, "once-rahima@example.com")
    worker(SMTP_URL=sink.url)
    until(lambda: row(db, request_id)[0] == "accepted", what="the second try")
    assert row(db, request_id) == ("accepted", True, True)


def test_a_channel_that_is_not_configured_is_told(db: Connection, worker: Start) -> None:
    request_id = asked(db)
    db.execute("update account.one_time_code set channel = 'sms' where request_id = %s", [request_id])
    worker()
    until(lambda: row(db, request_id) == ("channel_not_configured", True, True))


def test_a_text_is_one_part() -> None:
    for language, room in (("bn", 70), ("en", 160)):
        claimed = {"channel": "sms", "language": language, "minutes": 5}
        keyring = read_settings().keyring
        sealed = keyring.seal(ONE_TIME_CODE, f'{{"code": "{CODE}", "destination": "+8801712345678"}}'.encode(), b"r")
        message = code_message.code_message(keyring, "r", claimed | {"sealed": sealed.hex()})
        assert len(message.body) <= room
        assert CODE in message.body


def test_what_is_sealed_opens_for_its_row_with_an_older_key_and_with_no_other() -> None:
    old, new = Keyring([b"o" * 32]), Keyring([b"n" * 32, b"o" * 32])
    sealed = old.seal("code", b"secret", b"row")
    assert b"secret" not in sealed
    assert new.unseal("code", sealed, b"row") == b"secret"
    for keyring, use, bound in ((new, "code", b"other"), (new, "totp", b"row"), (Keyring([b"n" * 32]), "code", b"row")):
        with pytest.raises(SealBrokenError):
            keyring.unseal(use, sealed, bound)
    with pytest.raises(SealBrokenError):
        new.unseal("code", b"short", b"row")
