"""Load on a port of this machine: prepared requests over several connections, bounded in number and time.

wrk (Debian package `wrk`) sends it with little processor time; without wrk a loop of our own does, which takes so much
that figures are lower. `CLIENT` names the one in use.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import shutil
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

CONNECTIONS = 16
SECONDS = 5
#: At most so many requests in one measurement.
MOST = 200_000
WRK = shutil.which("wrk")
CLIENT = "wrk" if WRK else "asyncio, as wrk is not installed"
REPLAY = Path(__file__).with_name("replay.lua")


@dataclass(frozen=True, slots=True)
class Load:
    """The result; a failed request is an error, not a figure."""

    requests: int
    seconds: float
    p50_ms: float
    p95_ms: float
    p99_ms: float

    @property
    def per_s(self) -> float:
        return self.requests / self.seconds


def request(method: str, path: str, headers: Mapping[str, str] | None = None, body: Any = None) -> bytes:
    """A request as bytes."""
    content = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
    fields = {"Host": "127.0.0.1", "Accept": "application/json", **(headers or {})}
    if body is not None:
        fields |= {"Content-Type": "application/json", "Content-Length": str(len(content))}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + content


def sent(port: int, requests: Sequence[bytes], *, seconds: int = SECONDS, again: bool = True) -> Load:
    """Sends all requests, repeatedly for so long; with `again=False` each at most once."""
    most = MOST if again else len(requests) - CONNECTIONS
    if WRK is None:
        return asyncio.run(_looped(port, requests, seconds, most))
    with NamedTemporaryFile(prefix="shokti-bench-requests-") as file:
        file.write(b"\0".join(requests))
        file.flush()
        command = [WRK, "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "10s", "-s", str(REPLAY)]
        done = subprocess.run(
            [*command, f"http://127.0.0.1:{port}", "--", file.name, str(most)],
            capture_output=True,
            text=True,
            timeout=seconds + 30,
        )
    found = [line for line in done.stdout.splitlines() if line.startswith("result ")]
    if not found:
        raise RuntimeError(f"wrk said: {done.stdout} {done.stderr}")
    count, duration, p50, p95, p99, faults = (int(word) for word in found[0].split()[1:])
    if faults:
        raise RuntimeError(f"{faults} of {count} requests failed")
    return Load(count, duration / 1e6, p50 / 1e3, p95 / 1e3, p99 / 1e3)


def paced(port: int, one: bytes, per_s: float, *, seconds: int) -> int:
    """Sends one request at a steady rate over several connections by a loop of our own; returns the number of answers."""
    return asyncio.run(_paced(port, one, per_s, seconds))


async def _paced(port: int, one: bytes, per_s: float, seconds: int) -> int:
    apart = CONNECTIONS / per_s
    begun = time.perf_counter()

    async def caller(number: int) -> int:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for turn in range(round(seconds / apart)):
            await asyncio.sleep(begun + apart * (turn + number / CONNECTIONS) - time.perf_counter())
            writer.write(one)
            await _answer(reader)
        writer.close()
        return round(seconds / apart)

    return sum(await asyncio.gather(*(caller(number) for number in range(CONNECTIONS))))


async def _answer(reader: asyncio.StreamReader) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 2"):
        raise RuntimeError(head.decode())
    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line)
    await reader.readexactly(int(fields[b"content-length"]))


async def _looped(port: int, requests: Sequence[bytes], seconds: int, most: int) -> Load:
    times: list[float] = []
    turns = iter(range(most))
    source = itertools.cycle(requests)
    begun = time.perf_counter()

    async def caller() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in turns:
            sent_at = time.perf_counter()
            if sent_at - begun > seconds:
                break
            writer.write(next(source))
            await _answer(reader)
            times.append(1000 * (time.perf_counter() - sent_at))
        writer.close()

    await asyncio.gather(*(caller() for _ in range(CONNECTIONS)))
    duration = time.perf_counter() - begun
    times.sort()
    p50, p95, p99 = (times[int(share * len(times))] for share in (0.50, 0.95, 0.99))
    return Load(len(times), duration, p50, p95, p99)
