"""Requests a second of the HTTP edge, one process, with as many callers as a small server has at once."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Iterator

from tests.bench.claiming import BATCH
from tests.bench.figure import Figure, measurement
from tests.bench.stage import Stage, running

CALLERS = 16
SECONDS = 5.0


@measurement
def requests(stage: Stage) -> Iterator[Figure]:
    """The page behind a link and the list of services; beside them a path that asks the database nothing."""
    with stage.clone(stage.due(), "requests") as name:
        with stage.connect(name) as owner:
            row = owner.execute(
                "select jobs.claim_batch(p_channel => 'email', p_limit => %s, p_public_url => '')", [BATCH]
            ).fetchone()
            assert row is not None
            links = [message["link"] for message in row[0]["messages"]]
        port = free_port()
        place = stage.server.data.parent / "edge.log"
        with running(
            "app", log=place, DATABASE_URL=stage.server.url(name), APP_PORT=str(port), LOG_LEVEL="WARNING"
        ) as edge:
            wait_for(port)
            for figure, paths, accept in (
                ("link_page", links, "text/html"),
                ("link_json", links, "application/json"),
                ("services", ["/services"], "application/json"),
                ("requests_floor", ["/healthz"], "application/json"),
            ):
                cpu = edge.cpu_s()
                per_s, p95_ms = asyncio.run(asked(port, paths, accept))
                yield Figure(figure, per_s, "requests/s")
                if figure != "requests_floor":
                    yield Figure(f"{figure}_p95", p95_ms, "ms")
                yield Figure(f"{figure}_cpu_edge", 1e6 * (edge.cpu_s() - cpu) / (per_s * SECONDS), "us/request")
            yield Figure("edge_memory", edge.peak_mb(), "MB, the most the process held")


async def asked(port: int, paths: list[str], accept: str) -> tuple[float, float]:
    """Requests a second and the 95th percentile of their milliseconds, each caller on a connection of its own."""
    times: list[float] = []
    end_at = time.perf_counter() + SECONDS

    async def caller(number: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        turn = number
        while time.perf_counter() < end_at:
            path = paths[turn % len(paths)]
            turn += 1
            begun = time.perf_counter()
            writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: {accept}\r\n\r\n".encode())
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200"), head
            fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line)
            await reader.readexactly(int(fields[b"content-length"]))
            times.append(time.perf_counter() - begun)
        writer.close()

    await asyncio.gather(*(caller(number) for number in range(CALLERS)))
    times.sort()
    return len(times) / SECONDS, 1000 * times[int(0.95 * len(times))]


def free_port() -> int:
    with socket.socket() as asking:
        asking.bind(("127.0.0.1", 0))
        port: int = asking.getsockname()[1]
        return port


def wait_for(port: int) -> None:
    give_up_at = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            if time.monotonic() > give_up_at:
                raise
            time.sleep(0.05)
