"""The edge while its processes are replaced and its database is away: callers are asked to wait."""

from __future__ import annotations

import signal
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import httpx2
import pytest

from db.provision import bring_up_to_date
from tests.app.pgbouncer import free_port
from tests.app.serving import APP, Edge, eventually, serving
from tests.servers import TestServer

pytestmark = pytest.mark.faults


class Load:
    """Callers without pause, each on its own connection, as behind a load balancer that polls /readyz."""

    def __init__(self, url: str, callers: int = 8) -> None:
        self.statuses: Counter[int] = Counter()
        self.broken: list[str] = []
        self.waits: list[str | None] = []
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._ask, args=(url,)) for _ in range(callers)]

    def _ask(self, url: str) -> None:
        with httpx2.Client(base_url=url, headers=APP, timeout=30) as client:
            while not self._over.is_set():
                try:
                    answer = client.get("/services")
                except httpx2.TransportError as error:
                    self.broken.append(type(error).__name__)
                    continue
                self.statuses[answer.status_code] += 1
                if answer.status_code == 503:
                    self.waits.append(answer.headers.get("retry-after"))
                    time.sleep(0.05)

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def goes_on(self, calls: int = 200) -> None:
        """Waits until so many more calls have succeeded."""
        wanted = self.statuses[200] + calls
        eventually(lambda: self.statuses[200] >= wanted)


class Balancer:
    """A minimal TCP balancer: new connections go to processes that are ready."""

    def __init__(self) -> None:
        self.behind: list[Edge] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self._turn = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(near,), daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        self._turn += 1
        ready = [edge for edge in list(self.behind) if is_ready(edge)]
        if not ready:
            near.close()
            return
        far = socket.create_connection(("127.0.0.1", ready[self._turn % len(ready)].port))
        threading.Thread(target=pump, args=(far, near), daemon=True).start()
        pump(near, far)


def pump(source: socket.socket, sink: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            sink.sendall(data)
    except OSError:
        pass
    finally:
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue


def is_ready(edge: Edge) -> bool:
    try:
        return httpx2.get(f"{edge.url}/readyz", timeout=2).status_code == 200
    except httpx2.TransportError:
        return False


def test_processes_are_replaced_under_load_without_a_5xx(database_url: str) -> None:
    balancer = Balancer()
    with ExitStack() as running:
        balancer.behind = [running.enter_context(serving(database_url, APP_DRAIN_SECONDS="1")) for _ in range(2)]
        with Load(balancer.url) as load:
            load.goes_on()
            for place in range(2):
                old = balancer.behind[place]
                new = running.enter_context(serving(database_url, APP_DRAIN_SECONDS="1"))
                balancer.behind.append(new)
                old.process.send_signal(signal.SIGTERM)
                assert old.exit_code() == 0
                balancer.behind[place] = new
                load.goes_on()
    balancer.listener.close()
    assert set(load.statuses) == {200}
    assert load.broken == []


@contextmanager
def stopped(server: TestServer) -> Iterator[None]:
    server.kill()
    try:
        yield
    finally:
        server.start()


@pytest.mark.parametrize("seconds", [2, pytest.param(30, marks=pytest.mark.slow)])
def test_a_database_that_is_stopped_and_comes_back(seconds: int) -> None:
    with TestServer("edge-stop") as own:
        bring_up_to_date(own.url())
        with serving(own.url(), APP_PORT=str(free_port())) as edge, Load(edge.url) as load:
            load.goes_on()
            with stopped(own):
                eventually(lambda: load.statuses[503] > 0)
                time.sleep(seconds)
                assert not is_ready(edge)
                assert httpx2.get(f"{edge.url}/healthz").status_code == 200
            load.goes_on()
            eventually(lambda: is_ready(edge))
    assert set(load.statuses) == {200, 503}
    assert load.broken == []
    assert load.waits
    assert all(wait and int(wait) > 0 for wait in load.waits)
