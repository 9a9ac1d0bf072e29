"""E-mail against a real SMTP server in a process of its own: every answer, and lost answers."""

from __future__ import annotations

import asyncio
import datetime
import ipaddress
import socket
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from db.fault import Fault
from tests.doubles.process import Sink, smtp_sink
from tests.worker.messages import BODY, message
from worker.channels.channel import Accepted, Later, Message, Outcome, Refused, Unknown
from worker.channels.email import Email, Relay

SENDER = "শক্তি <reminders@shokti.example>"


@pytest.fixture(scope="module")
def sink(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sink]:
    with smtp_sink(tmp_path_factory.mktemp("sink"), "--slow", "2") as started:
        yield started


def send(url: str, *messages: Message) -> list[Outcome]:
    async def one_after_the_other() -> list[Outcome]:
        channel = Email(Relay.of(url), SENDER)
        try:
            return [await channel.send(sent) for sent in messages]
        finally:
            await channel.close()

    return asyncio.run(one_after_the_other())


def test_what_the_server_gets_is_the_message(sink: Sink) -> None:
    sent = message()
    (outcome,) = send(sink.url, sent)
    assert isinstance(outcome, Accepted)
    assert outcome.provider_id
    got = message_from_bytes(sink.contents()[-1], policy=default)
    assert got["Message-ID"] == f"<{sent.message_id}@shokti.example>"
    text = got.get_body(("plain",))
    assert text is not None
    assert text.get_content().replace("\r\n", "\n") == BODY


@pytest.mark.parametrize(
    ("address", "outcome"),
    [
        ("greylist-1@example.com", Later("smtp_rcpt 451 4.7.1")),
        ("busy-1@example.com", Later("smtp_rcpt 421 4.3.2", provider_is_down=True)),
        ("nobody-1@example.com", Refused("smtp_rcpt 550 5.1.1", address_is_bad=True)),
        ("full-1@example.com", Refused("smtp_rcpt 552 5.2.2")),
        ("spam-1@example.com", Refused("smtp_content 554 5.7.1")),
        ("tired-1@example.com", Later("smtp_content 451 4.3.0")),
        ("drop-1@example.com", Later("smtp_lost SMTPServerDisconnected", provider_is_down=True)),
        ("cut-1@example.com", Unknown("smtp_answer_lost SMTPServerDisconnected")),
        ("a@b\r\nRCPT TO:<c@example.com>", Refused("address_malformed", address_is_bad=True)),
        ("two@example.com,three@example.com", Refused("address_malformed", address_is_bad=True)),
        (None, Refused("address_missing")),
    ],
)
def test_each_answer_means_one_thing(sink: Sink, address: str | None, outcome: Outcome) -> None:
    """The next message of the same adapter is accepted, whatever happened to the one before."""
    before = len(sink.taken())
    fault, after = send(sink.url, message(address), message("next@example.com"))
    assert fault == outcome
    assert isinstance(after, Accepted)
    assert len(sink.taken()) - before == (2 if isinstance(outcome, Unknown) else 1)


def test_no_reason_repeats_the_address(sink: Sink) -> None:
    (outcome,) = send(sink.url, message("nobody-secret@example.com"))
    assert "secret" not in str(outcome)


def test_an_answer_that_takes_too_long_is_unknown(sink: Sink) -> None:
    (outcome,) = send(sink.url + "?timeout=0.5", message("slow-1@example.com"))
    assert outcome == Unknown("smtp_answer_lost SMTPReadTimeoutError")


def test_a_letter_outside_ascii_in_the_address_goes_as_utf8(sink: Sink) -> None:
    (outcome,) = send(sink.url, message("রহিম@example.com"))
    assert isinstance(outcome, Accepted)
    assert sink.taken()[-1]["address"] == "রহিম@example.com"


def test_connections_are_kept_and_no_more_than_allowed_are_made(sink: Sink) -> None:
    async def crowd() -> tuple[int, int]:
        channel = Email(Relay.of(sink.url + "?connections=3"), SENDER)
        outcomes = await asyncio.gather(*(channel.send(message(f"c{n}@example.com")) for n in range(30)))
        kept = list(channel._idle)
        await channel.close()
        return sum(isinstance(outcome, Accepted) for outcome in outcomes), len(kept)

    assert asyncio.run(crowd()) == (30, 3)


def test_a_connection_closed_meanwhile_is_replaced(tmp_path: Path) -> None:
    async def wait_then_send(url: str) -> list[Outcome]:
        channel = Email(Relay.of(url), SENDER)
        first = await channel.send(message("first@example.com"))
        # Our end does not read the socket in between, as when the server closes it at the moment of use.
        (client,) = channel._idle
        assert client.transport is not None
        raw: socket.socket = client.transport.get_extra_info("socket")
        raw.shutdown(socket.SHUT_WR)
        second = await channel.send(message("second@example.com"))
        await channel.close()
        return [first, second]

    with smtp_sink(tmp_path) as sink:
        first, second = asyncio.run(wait_then_send(sink.url))
        assert isinstance(first, Accepted)
        assert isinstance(second, Accepted)
        assert [entry["address"] for entry in sink.taken()] == ["first@example.com", "second@example.com"]


def test_nobody_at_home_is_later(tmp_path: Path) -> None:
    with smtp_sink(tmp_path) as sink:
        url = sink.url
    (outcome,) = send(url, message())
    assert isinstance(outcome, Later)
    assert outcome.provider_is_down


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Key and self-signed certificate for 127.0.0.1 in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "sink.test")])
    now = datetime.datetime.now(datetime.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "sink.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    return file


@pytest.mark.parametrize(("scheme", "mode"), [("smtps", "--tls"), ("smtp+starttls", "--starttls")])
def test_tls_is_spoken_and_the_certificate_checked(tmp_path: Path, certificate: Path, scheme: str, mode: str) -> None:
    with smtp_sink(tmp_path, "--cert", str(certificate), mode) as sink:
        address = f"{scheme}://user:right@127.0.0.1:{sink.port}"
        (trusted,) = send(f"{address}?ca={certificate}", message())
        (stranger,) = send(address, message())
        (wrong,) = send(address.replace("right", "wrong") + f"?ca={certificate}", message())
        assert isinstance(trusted, Accepted)
        assert isinstance(stranger, Later)
        assert wrong == Later("smtp_connect 535 5.7.8", provider_is_down=True)
        assert len(sink.taken()) == 1


def test_a_server_that_offers_no_tls_gets_nothing_where_tls_is_asked_for(sink: Sink) -> None:
    (outcome,) = send(f"smtp+starttls://127.0.0.1:{sink.port}", message())
    assert isinstance(outcome, Later)
    assert outcome.provider_is_down


def test_the_url_tells_everything() -> None:
    relay = Relay.of("smtps://us%40er:p%2Fw@mail.example.com?connections=3&rate=14.5&timeout=9")
    assert (relay.host, relay.port, relay.username, relay.password) == ("mail.example.com", 465, "us@er", "p/w")
    assert (relay.tls, relay.start_tls, relay.connections, relay.rate, relay.timeout) == (True, False, 3, 14.5, 9)
    assert Relay.of("smtp://mail.example.com").port == 25
    assert Relay.of("smtp://mail.example.com").start_tls is None
    assert Relay.of("smtp+starttls://mail.example.com").port == 587


def test_a_password_is_never_sent_in_the_clear_to_another_machine() -> None:
    assert Relay.of("smtp://user:secret@mail.example.com").start_tls is True
    assert Relay.of("smtp://user:secret@127.0.0.1").start_tls is None


@pytest.mark.parametrize(
    "url", ["http://x", "smtp://", "smtp://h?conections=3", "smtp://h:99999", "smtp://h?rate=fast", "smtp://h?rate=0"]
)
def test_a_wrong_url_is_told_in_one_line_without_its_password(url: str) -> None:
    with pytest.raises(Fault) as told:
        Relay.of(url.replace("://", "://user:secret@") if url.count("h") else url)
    assert str(told.value).startswith("SMTP_URL: ")
    assert "secret" not in str(told.value)
