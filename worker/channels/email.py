"""E-mail over SMTP: a few connections kept open, and an exact answer to "did they take it?"."""

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
from worker.channels.mime import Letterhead

DEFAULT_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
OPTIONS = {"connections", "rate", "timeout", "ca"}
# Nothing that could end the command or open another address; what remains is for the server to judge.
ADDRESS = re.compile(r"[^\s<>\"(),:;\\@\x00-\x1f\x7f]+@[^\s<>\"(),:;\\@\x00-\x1f\x7f]+")
ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
# The address itself is wrong: no such mailbox, no such domain, syntax, mailbox moved away.
BAD_ADDRESS = {"5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"}


@dataclass(frozen=True, slots=True)
class Relay:
    """Where e-mail goes, read from SMTP_URL.

    `smtps://` speaks TLS from the start, `smtp+starttls://` insists on upgrading, `smtp://` upgrades if the server
    offers it. A password is never sent in the clear, save to this very machine. Options after `?`: `connections`
    (8), `rate` (messages a second, unlimited), `timeout` (seconds, 30), `ca` (file of certificates to trust).
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
            # Asking the resolver for our full name can take seconds on a badly set up network.
            local_hostname=own_name(),
            timeout=self.timeout,
            use_tls=self.tls,
            start_tls=self.start_tls,
            # Where TLS is only taken if offered, an unverified certificate still beats none.
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
    """Connections are made when needed, kept, and replaced when they die."""

    adapter = "smtp"

    def __init__(self, relay: Relay, sender: str) -> None:
        self._relay = relay
        self._letterhead = Letterhead(sender)
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
        content = self._letterhead.message(message)
        try:
            async with self._connection() as client:
                return await hand_over(client, self._letterhead.address, address, content)
        except NotTakenError as reason:
            return Later(reason.args[0], provider_is_down=True)

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[SMTP]:
        """A connection that has just answered RSET or EHLO; NotTakenError if none can be had."""
        async with self._places:
            client = await self._ready()
            try:
                yield client
            except BaseException:
                # Stopped in the middle of a dialogue: it cannot be taken up again.
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
            # Greeting, EHLO or log-in refused: our account or their state, not this message.
            raise NotTakenError(f"smtp_connect {told(error)}") from None
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
    """The message certainly did not go; its text is the reason."""


async def hand_over(client: SMTP, sender: str, address: str, content: bytes) -> Outcome:
    """MAIL, RCPT, DATA. Until the last byte of DATA is written nothing can have been taken; after it anything can."""
    utf8 = not (address.isascii() and sender.isascii())
    if utf8 and not client.supports_extension("smtputf8"):
        return Refused("address_needs_smtputf8")
    encoding = "utf-8" if utf8 else "ascii"
    try:
        try:
            await client.mail(sender, options=["SMTPUTF8"] if utf8 else None, encoding=encoding)
        except (SMTPServerDisconnected, SMTPTimeoutError):
            # It was an idle connection that the server had closed meanwhile: once more on a new one.
            client.close()
            await client.connect()
            await client.mail(sender, options=["SMTPUTF8"] if utf8 else None, encoding=encoding)
        await client.rcpt(address, encoding=encoding)
        response = await client.execute_command(b"DATA")
        if response.code != 354:
            return await refused(client, SMTPResponseException(response.code, response.message), "data")
    except SMTPRecipientRefused as error:
        return await refused(client, error, "rcpt")
    except (SMTPConnectError, SMTPServerDisconnected, SMTPTimeoutError, OSError) as error:
        client.close()
        return Later(f"smtp_lost {type(error).__name__}", provider_is_down=True)
    except SMTPResponseException as error:
        # The sender, the session or the log-in was refused: nothing to do with this recipient.
        client.close()
        return Later(f"smtp_session {told(error)}", provider_is_down=True)

    protocol = client.protocol
    try:
        # Straight to the transport: mime.py never begins a line with a dot and ends with CRLF, so nothing needs
        # quoting, and only here is the moment known from which on the answer may be lost.
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
            return await refused(client, SMTPResponseException(response.code, response.message), "content")
        case _:
            client.close()
            return Unknown(f"smtp_answer_odd {response.code}")


async def refused(client: SMTP, error: SMTPResponseException, step: str) -> Outcome:
    """A clear no from the server: 4xx now, 5xx for good. What it said may hold the address, so only codes are kept."""
    reason = f"smtp_{step} {told(error)}"
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


def told(error: SMTPResponseException) -> str:
    enhanced = ENHANCED.search(error.message)
    return f"{error.code} {enhanced[0]}" if enhanced else str(error.code)


def queue_name(answer: str) -> str | None:
    """What the relay calls the message, from answers such as `2.0.0 Ok: queued as 4F1A2B`."""
    found = re.search(r"queued as ([A-Za-z0-9._-]{1,100})|id=([A-Za-z0-9._-]{1,100})", answer)
    return next((name for name in found.groups() if name), None) if found else None
