"""Bytes on the socket: each answer is one write, without delay."""

from __future__ import annotations

import socket

from tests.app.serving import PATIENCE, Edge

HEALTH = b"GET /healthz HTTP/1.1\r\nHost: x\r\n"
ALIVE = b'{"alive": true}'


def connected(edge: Edge) -> socket.socket:
    return socket.create_connection(("127.0.0.1", edge.port), timeout=PATIENCE)


def everything(caller: socket.socket) -> bytes:
    received = b""
    while piece := caller.recv(65536):
        received += piece
    return received


def test_head_and_body_are_one_write(edge: Edge) -> None:
    with connected(edge) as caller:
        caller.sendall(HEALTH + b"\r\n")
        # On the loopback one write arrives as one read.
        first = caller.recv(65536)
    assert first.startswith(b"HTTP/1.1 200 OK\r\n")
    assert first.endswith(b"\r\n\r\n" + ALIVE)


def test_the_last_answer_is_whole_before_the_connection_closes(edge: Edge) -> None:
    with connected(edge) as caller:
        caller.sendall(HEALTH + b"Connection: close\r\n\r\n")
        received = everything(caller)
    assert received.endswith(b"\r\n\r\n" + ALIVE)


def test_requests_sent_together_are_answered_in_their_order(edge: Edge) -> None:
    with connected(edge) as caller:
        caller.sendall(
            HEALTH + b"X-Request-Id: first\r\n\r\n" + HEALTH + b"X-Request-Id: second\r\nConnection: close\r\n\r\n"
        )
        received = everything(caller)
    assert received.count(ALIVE) == 2
    assert received.index(b"x-request-id: first") < received.index(b"x-request-id: second")


def test_expect_100_continue_is_answered(edge: Edge) -> None:
    with connected(edge) as caller:
        caller.sendall(
            b"POST /l/unknown/click HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
            b"Expect: 100-continue\r\nConnection: close\r\n\r\n"
        )
        interim = caller.recv(65536)
        assert interim == b"HTTP/1.1 100 Continue\r\n\r\n"
        caller.sendall(b"{}")
        assert everything(caller).startswith(b"HTTP/1.1 404 ")
