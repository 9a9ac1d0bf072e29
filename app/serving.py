"""The process: one uvicorn server on a socket bound beforehand, with checks at the start and draining at the end."""

from __future__ import annotations

import asyncio
import errno
import gc
import signal
import socket
from time import monotonic
from types import FrameType
from typing import Any, cast

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.edge import application
from app.edge.calls import Database, configure_connection
from app.edge.envelope import SECURITY_HEADERS, Draining, open_exchange
from app.edge.functions import read_functions
from app.edge.problems import MEDIA_TYPE, Problem
from db import Fault, Settings, connect_async, pool
from db.log import log

ROLE = "shokti_app"
APPLICATION_NAME = "app"
# More waiting callers are refused (503), because they could not be served in time.
POOL_QUEUE = 500

# Requests still open after this time are cancelled; it is longer than any request takes.
GRACE_SECONDS = 20


def bind(host: str, port: int, *, shared: bool) -> socket.socket:
    """The listening socket; a Fault names the reason if it cannot be opened."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if shared:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listener.bind(address)
        listener.listen(2048)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise Fault(
                f"port {port} of {host} is taken by another program; set APP_PORT to a free one, "
                "and PUBLIC_URL to its address, which links in messages start with"
            ) from None
        raise Fault(f"cannot listen on port {port} of {host}: {error.strerror}; see APP_HOST and APP_PORT") from None
    return listener


class CoalescingTransport:
    """A transport that joins all writes of one turn of the event loop.

    uvicorn writes head and body of an answer separately; each write would be a system call that wakes the reader.
    """

    def __init__(self, transport: Any, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._pieces: list[bytes] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, piece: bytes) -> None:
        if not self._pieces:
            self._loop.call_soon(self._flush)
        self._pieces.append(piece)

    def close(self) -> None:
        self._flush()
        self._transport.close()

    def _flush(self) -> None:
        if self._pieces:
            content, self._pieces = b"".join(self._pieces), []
            if not self._transport.is_closing():
                self._transport.write(content)


class Protocol(HttpToolsProtocol):
    """Each answer is one write. Bytes that are not HTTP get a problem document."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(cast(asyncio.Transport, CoalescingTransport(transport, self.loop)))

    def send_400_response(self, msg: str) -> None:
        exchange = open_exchange({})
        body = Problem(400, "This is not HTTP/1.1.").body(exchange.request_id, exchange.trace_id)
        log.info("unreadable", request_id=exchange.request_id)
        lines = [
            b"HTTP/1.1 400 Bad Request",
            *(name + b": " + value for name, value in SECURITY_HEADERS),
            b"content-type: " + MEDIA_TYPE.encode(),
            b"content-length: " + str(len(body)).encode(),
            b"x-request-id: " + exchange.request_id.encode(),
            b"cache-control: no-store",
            b"connection: close",
        ]
        self.transport.write(b"\r\n".join(lines) + b"\r\n\r\n" + body)
        self.transport.close()


class Server(uvicorn.Server):
    """On a stop signal it reports draining at /readyz, stops accepting later, finishes open requests, and exits with 0."""

    def __init__(self, config: uvicorn.Config, draining: Draining, drain_seconds: float) -> None:
        super().__init__(config)
        self.draining = draining
        self.drain_seconds = drain_seconds
        self.closes_at: float | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self.draining.begun or sig == signal.SIGINT:
            self.force_exit = self.should_exit and sig == signal.SIGINT
            self.should_exit = True
        self.draining.begun = True

    async def on_tick(self, counter: int) -> bool:
        if self.draining.begun and self.closes_at is None:
            self.closes_at = monotonic() + self.drain_seconds
        if self.closes_at is not None and monotonic() >= self.closes_at:
            self.should_exit = True
        return await super().on_tick(counter)


async def serve(settings: Settings, url: str, listener: socket.socket) -> None:
    """Serves until a stop signal. A Fault at the start: no database, or one that lacks what the table needs."""
    async with await connect_async(url, role=ROLE, application_name=APPLICATION_NAME) as connection:
        functions = await read_functions(connection)
    draining = Draining()
    async with pool(
        url,
        role=ROLE,
        application_name=APPLICATION_NAME,
        # All are opened at the start, so that no request waits for one.
        min_size=settings.app_pool_size,
        max_size=settings.app_pool_size,
        prepare_threshold=0 if settings.database_prepares else None,
        configure=configure_connection,
        max_waiting=POOL_QUEUE,
    ) as connections:
        app = application.build_application(Database(connections), functions, draining, settings)
        # Objects of the start live until the end: later collections skip them, so requests wait less.
        gc.collect()
        gc.freeze()
        server = Server(uvicorn_config(app), draining, settings.app_drain_seconds)
        host, port = listener.getsockname()[:2]
        log.info("serving", host=host, port=port)
        await server.serve(sockets=[listener])
        log.info("stopped")


def uvicorn_config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=Protocol,
        loop="none",
        lifespan="off",
        access_log=False,
        log_config=None,
        server_header=False,
        # app.edge.addresses reads X-Forwarded-For, from trusted proxies only.
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        timeout_keep_alive=15,
        h11_max_incomplete_event_size=None,
    )
