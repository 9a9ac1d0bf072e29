"""E-mail over SMTP: a few open connections, and an exact outcome for every failure of the dialogue."""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from aiosmtplib import SMTP
from aiosmtplib.errors import (
    SMTPConnectError,
    SMTPException,
    SMTPRecipientRefused,
    SMTPResponseException,
    SMTPServerDisconnected,
    SMTPTimeoutError,
)

from db.fault import Fault
from worker.channels.channel import Accepted, Later, Message, Outcome, Refused, Unknown
from worker.channels.mime import MessageWriter

DEFAULT_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
OPTIONS = {"connections", "rate", "timeout", "ca"}
# No character that could end the command or begin another address; the server judges the rest.
ADDRESS = re.compile(r"[^\s<>\"(),:;\\@\x00-\x1f\x7f]+@[^\s<>\"(),:;\\@\x00-\x1f\x7f]+")
ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
# The address itself is wrong: unknown mailbox or domain, bad syntax, mailbox moved.
BAD_ADDRESS = {"5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"}


@dataclass(frozen=True, slots=True)
class Relay:
    """The mail server, read from SMTP_URL.

    `smtps://` uses TLS from the start, `smtp+starttls://` requires the upgrade, `smtp://` upgrades if the server offers
    it. A password is never sent unencrypted, except to this machine. Options after `?`, with their defaults:
    `connections` (8), `rate` (messages a second, no limit), `timeout` (30 seconds), `ca` (file of trusted certificates).
    """

    host: str
    port: int
    username: str | None
    password: str | None
    tls: bool
    start_tls: bool | None
    connections: int = 8
    rate: float | None = None
    timeout: float = 30.0
    ca: str | None = None

    @classmethod
    def of(cls, url: str) -> Relay:
        parts = urlsplit(url)
        given = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        if parts.scheme not in DEFAULT_PORTS or not parts.hostname:
            raise Fault("SMTP_URL: not a mail server such as smtps://user:password@host")
        if unknown := sorted(given.keys() - OPTIONS):
            raise Fault(f"SMTP_URL: unknown option {unknown[0]!r}; known are {', '.join(sorted(OPTIONS))}")
        username = unquote(parts.username) if parts.username else None
        start_tls: bool | None = {"smtp": None, "smtp+starttls": True, "smtps": False}[parts.scheme]
        if username and parts.scheme == "smtp" and not is_this_machine(parts.hostname):
            start_tls = True
        try:
            relay = cls(
                host=parts.hostname,
                port=parts.port or DEFAULT_PORTS[parts.scheme],
                username=username,
                password=unquote(parts.password) if parts.password else None,
                tls=parts.scheme == "smtps",
                start_tls=start_tls,
                connections=int(given.get("connections", 8)),
                rate=float(given["rate"]) if "rate" in given else None,
                timeout=float(given.get("timeout", 30)),
                ca=given.get("ca"),
            )
        except ValueError:
            raise Fault("SMTP_URL: port, connections, rate and timeout are numbers") from None
        if not (1 <= relay.connections <= 100 and relay.timeout > 0 and (relay.rate is None or relay.rate > 0)):
            raise Fault("SMTP_URL: connections are 1 to 100, rate and timeout more than 0")
        return relay

    def client(self) -> SMTP:
        return SMTP(
            hostname=self.host,
            port=self.port,
            username=self.username,
            password=self.password,
            # The resolver may take seconds for our full name on a misconfigured network.
            local_hostname=own_name(),
            timeout=self.timeout,
            use_tls=self.tls,
            start_tls=self.start_tls,
            # Where TLS is optional, an unverified certificate is still better than none.
            validate_certs=self.tls or bool(self.start_tls),
            cert_bundle=self.ca,
        )


def is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def own_name() -> str:
    name = socket.gethostname()
    return name if re.fullmatch(r"[A-Za-z0-9.-]{1,253}", name) else "localhost"


class Email:
    """Connections are opened when needed, kept, and replaced when they break."""

    adapter = "smtp"

    def __init__(self, relay: Relay, sender: str) -> None:
        self._relay = relay
        self._writer = MessageWriter(sender)
        self._idle: list[SMTP] = []
        self._places = asyncio.Semaphore(relay.connections)

    @property
    def concurrency(self) -> int:
        return self._relay.connections

    async def send(self, message: Message) -> Outcome:
        address = message.address
        if address is None:
            return Refused("address_missing")
        if not ADDRESS.fullmatch(address):
            return Refused("address_malformed", address_is_bad=True)
        content = self._writer.message(message)
        try:
            async with self._connection() as client:
                return await hand_over(client, self._writer.address, address, content)
        except NotTakenError as reason:
            return Later(reason.args[0], provider_is_down=True)

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[SMTP]:
        """A connection that is ready for MAIL; NotTakenError if none can be opened."""
        async with self._places:
            client = await self._ready()
            try:
                yield client
            except BaseException:
                # The dialogue was cut off, so the connection cannot be used again.
                client.close()
                raise
            if client.is_connected:
                self._idle.append(client)

    async def _ready(self) -> SMTP:
        while self._idle:
            client = self._idle.pop()
            if client.is_connected:
                return client
        client = self._relay.client()
        try:
            await client.connect()
        except SMTPResponseException as error:
            # Greeting, EHLO or log-in refused: the cause is our account or the server, not this message.
            raise NotTakenError(f"smtp_connect {smtp_code(error)}") from None
        except (SMTPException, OSError) as error:
            raise NotTakenError(f"smtp_connect {type(error).__name__}") from None
        return client

    async def close(self) -> None:
        clients, self._idle = self._idle, []
        for client in clients:
            with suppress(SMTPException, OSError):
                await client.quit(timeout=2)
            client.close()


class NotTakenError(Exception):
    """The message was certainly not sent; its text is the reason."""


async def hand_over(client: SMTP, sender: str, address: str, content: bytes) -> Outcome:
    """MAIL, RCPT, DATA. Before the last byte of DATA is written, the server cannot have taken the message."""
    utf8 = not (address.isascii() and sender.isascii())
    if utf8 and not client.supports_extension("smtputf8"):
        return Refused("address_needs_smtputf8")
    encoding = "utf-8" if utf8 else "ascii"
    try:
        try:
            await client.mail(sender, options=["SMTPUTF8"] if utf8 else None, encoding=encoding)
        except (SMTPServerDisconnected, SMTPTimeoutError):
            # The server had closed an idle connection: once more on a new one.
            client.close()
            await client.connect()
            await client.mail(sender, options=["SMTPUTF8"] if utf8 else None, encoding=encoding)
        await client.rcpt(address, encoding=encoding)
        response = await client.execute_command(b"DATA")
        if response.code != 354:
            return await refusal_outcome(client, SMTPResponseException(response.code, response.message), "data")
    except SMTPRecipientRefused as error:
        return await refusal_outcome(client, error, "rcpt")
    except (SMTPConnectError, SMTPServerDisconnected, SMTPTimeoutError, OSError) as error:
        client.close()
        return Later(f"smtp_lost {type(error).__name__}", provider_is_down=True)
    except SMTPResponseException as error:
        # The sender, the session or the log-in was refused; the recipient is not the cause.
        client.close()
        return Later(f"smtp_session {smtp_code(error)}", provider_is_down=True)

    protocol = client.protocol
    try:
        # Written to the transport directly: only here is the moment known from which on the answer may be lost. Nothing
        # needs quoting, as no line of mime.py begins with a dot and the last one ends with CRLF.
        if protocol is None:
            raise SMTPServerDisconnected("Connection lost")
        protocol.write(content + b".\r\n")
    except SMTPServerDisconnected as error:
        client.close()
        return Later(f"smtp_lost {type(error).__name__}", provider_is_down=True)
    try:
        response = await protocol.read_response(timeout=client.timeout)
    except (SMTPException, OSError) as error:
        client.close()
        return Unknown(f"smtp_answer_lost {type(error).__name__}")
    match response.code // 100:
        case 2:
            return Accepted(queue_name(response.message))
        case 4 | 5:
            return await refusal_outcome(client, SMTPResponseException(response.code, response.message), "content")
        case _:
            client.close()
            return Unknown(f"smtp_answer_odd {response.code}")


async def refusal_outcome(client: SMTP, error: SMTPResponseException, step: str) -> Outcome:
    """The outcome of a refusal: 4xx is temporary, 5xx permanent. Only codes are kept, as texts may hold the address."""
    reason = f"smtp_{step} {smtp_code(error)}"
    if error.code == 421 or error.code // 100 not in (4, 5):
        client.close()
        return Later(reason, provider_is_down=True)
    try:
        await client.rset()
    except (SMTPException, OSError):
        client.close()
    if error.code // 100 == 4:
        return Later(reason)
    enhanced = ENHANCED.search(error.message)
    return Refused(reason, address_is_bad=bool(enhanced and enhanced[0] in BAD_ADDRESS))


def smtp_code(error: SMTPResponseException) -> str:
    enhanced = ENHANCED.search(error.message)
    return f"{error.code} {enhanced[0]}" if enhanced else str(error.code)


def queue_name(answer: str) -> str | None:
    """The server's name for the message, from answers such as `2.0.0 Ok: queued as 4F1A2B`."""
    found = re.search(r"queued as ([A-Za-z0-9._-]{1,100})|id=([A-Za-z0-9._-]{1,100})", answer)
    return next((name for name in found.groups() if name), None) if found else None
