"""A mail server as a process: takes messages, or misbehaves, as the address asks; its ledger lies outside the database.

The word before the first "-" of the local part chooses: `greylist-1@…` answers 451 (once per address: `once-1@…`),
`busy` 421, `nobody` 550 5.1.1, `full` 552, `spam` 554 after the content, `tired` 451 after it, `slow` waits before it
answers the content, `cut` takes the content and hangs up without an answer, `drop` hangs up at RCPT. Everybody
else is accepted.

    python -m tests.doubles.smtp_sink --ledger FILE [--port N] [--store FOLDER] [--cert PEM --tls|--starttls]

Prints the port on a line of its own once it listens.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import ssl
import time
from io import TextIOWrapper
from pathlib import Path
from typing import Any, cast

import uvloop
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

MESSAGE_ID = re.compile(rb"^Message-ID: <([^@>]+)@", re.MULTILINE | re.IGNORECASE)


class Sink:
    """aiosmtpd calls the handle_… methods."""

    def __init__(self, ledger: TextIOWrapper, store: Path | None, slow_s: float) -> None:
        self._ledger = ledger
        self._store = store
        self._slow_s = slow_s
        self._greylisted: set[str] = set()
        self._taken = 0

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        match mood(address):
            case "greylist":
                return "451 4.7.1 Greylisted, try again later"
            case "once" if address not in self._greylisted:
                self._greylisted.add(address)
                return "451 4.7.1 Greylisted, try again later"
            case "busy":
                return "421 4.3.2 Too busy, closing"
            case "nobody":
                return f"550 5.1.1 <{address}>: no such user here"
            case "full":
                return "552 5.2.2 Mailbox full"
            case "drop":
                hang_up(server)
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        address = envelope.rcpt_tos[0]
        match mood(address):
            case "spam":
                return "554 5.7.1 Looks like spam"
            case "tired":
                return "451 4.3.0 Try again"
            case "slow":
                await asyncio.sleep(self._slow_s)
        content = envelope.original_content or b""
        self._taken += 1
        found = MESSAGE_ID.search(content)
        message_id = found[1].decode() if found else ""
        if self._store:
            (self._store / f"{self._taken:06d}.eml").write_bytes(content)
        entry = {"at": time.time(), "message_id": message_id, "address": address, "bytes": len(content)}
        self._ledger.write(json.dumps(entry) + "\n")
        self._ledger.flush()
        if mood(address) == "cut":
            hang_up(server)
        return f"250 2.0.0 Ok: queued as {self._taken:X}"

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return responses


def mood(address: str) -> str:
    return address.partition("@")[0].partition("-")[0]


def hang_up(server: SMTP) -> None:
    # Not an isinstance check: uvloop's transports are not asyncio's.
    cast(asyncio.WriteTransport, server.transport).abort()


def log_in(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    known = isinstance(data, LoginPassword) and data.password == b"right"
    return AuthResult(success=known, handled=False)


async def serve(options: argparse.Namespace) -> None:
    context = None
    if options.cert:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options.cert)
    with options.ledger.open("a", encoding="utf-8") as ledger:
        sink = Sink(ledger, options.store, options.slow)
        server = await asyncio.get_running_loop().create_server(
            lambda: SMTP(
                sink,
                enable_SMTPUTF8=True,
                hostname="sink.test",
                tls_context=context if options.starttls else None,
                authenticator=log_in,
                auth_require_tls=False,
                timeout=options.idle,
            ),
            "127.0.0.1",
            options.port,
            ssl=context if options.tls else None,
        )
        print(server.sockets[0].getsockname()[1], flush=True)
        async with server:
            await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="A mail server for tests.")
    parser.add_argument("--ledger", type=Path, required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--store", type=Path)
    parser.add_argument("--slow", type=float, default=3.0)
    parser.add_argument("--idle", type=float, default=300.0)
    parser.add_argument("--cert", type=Path)
    parser.add_argument("--tls", action="store_true")
    parser.add_argument("--starttls", action="store_true")
    uvloop.run(serve(parser.parse_args()))
