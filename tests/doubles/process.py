"""Starts doubles as processes of their own and reads what they received."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import uvicorn
from starlette.types import ASGIApp

from db.settings import ROOT


@contextmanager
def started(module: str, *arguments: str) -> Iterator[int]:
    """Runs a double while the block runs; its port."""
    process = subprocess.Popen([sys.executable, "-m", module, *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, f"{module} did not start"
        yield int(line)
    finally:
        process.kill()
        process.wait()


def serve(app: ASGIApp, port: int) -> None:
    """Runs in the double's process; prints the port once it listens."""
    listening = socket.create_server(("127.0.0.1", port))
    print(listening.getsockname()[1], flush=True)
    uvicorn.Server(uvicorn.Config(app, log_level="critical")).run(sockets=[listening])


@dataclass(frozen=True, slots=True)
class Provider:
    """A client of a double over HTTP: sets its behaviour, reads what it received."""

    url: str

    def behave(self, *moods: str) -> None:
        self.put("/behaviour", {"moods": list(moods)})

    def put(self, path: str, body: object) -> None:
        httpx2.put(self.url + path, json=body).raise_for_status()

    def taken(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = httpx2.get(f"{self.url}/taken").json()
        return found

    def requests(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = httpx2.get(f"{self.url}/requests").json()
        return found


@dataclass(frozen=True, slots=True)
class Sink:
    port: int
    ledger: Path
    store: Path

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def taken(self) -> list[dict[str, Any]]:
        """What the server took, in order: message_id, address, bytes."""
        return [json.loads(line) for line in self.ledger.read_text(encoding="utf-8").splitlines()]

    def contents(self) -> list[bytes]:
        return [file.read_bytes() for file in sorted(self.store.glob("*.eml"))]


@contextmanager
def smtp_sink(folder: Path, *arguments: str) -> Iterator[Sink]:
    ledger, store = folder / "ledger.jsonl", folder / "store"
    store.mkdir(parents=True, exist_ok=True)
    ledger.touch()
    with started("tests.doubles.smtp_sink", "--ledger", str(ledger), "--store", str(store), *arguments) as port:
        yield Sink(port, ledger, store)
