"""Keeps the HTTP app and the worker processes running: starts them, restarts what ends, stops all of them together."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic

import structlog

from db.fault import EXIT_CONFIGURATION, EXIT_UNAVAILABLE
from db.settings import ROOT

FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 8.0
# Uptime after which the back-off resets.
RESET_AFTER_S = 30.0
# A process may finish its batches in hand; after that it is killed.
STOP_WITHIN_S = 75.0
PR_SET_PDEATHSIG = 1

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class ManagedProcess:
    """One process to keep running; `command` are arguments of this Python."""

    name: str
    command: tuple[str, ...]


def end_with_parent() -> None:
    """Runs in the child before exec: ends it when the supervisor is killed (Linux)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Supervisor:
    """Runs until SIGTERM or SIGINT, or until a process reports wrong configuration at its first start."""

    def __init__(self, processes: Sequence[ManagedProcess], environment: dict[str, str]) -> None:
        self._processes = processes
        self._environment = os.environ | environment
        self._stopping = asyncio.Event()
        self._exit_code = 0

    async def run(self) -> int:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stopping.set)
        async with asyncio.TaskGroup() as group:
            for managed in self._processes:
                group.create_task(self._keep(managed))
        return self._exit_code

    async def _keep(self, managed: ManagedProcess) -> None:
        wait, is_first = FIRST_WAIT_S, True
        while not self._stopping.is_set():
            started = monotonic()
            code = await self._run_once(managed)
            if self._stopping.is_set():
                return
            lived = monotonic() - started
            if code == EXIT_CONFIGURATION and is_first:
                # The reason is on stderr. Later, the other processes are of more use than an end of all.
                self._exit_code = EXIT_CONFIGURATION
                self._stopping.set()
                return
            # A start that did not reach the database does not count as the first.
            is_first = is_first and code == EXIT_UNAVAILABLE
            wait = FIRST_WAIT_S if lived > RESET_AFTER_S else wait
            log.warning("died", program=managed.name, exit_code=code, lived_s=round(lived, 1), again_in_s=wait)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), wait)
            wait = min(wait * 2, LONGEST_WAIT_S)

    async def _run_once(self, managed: ManagedProcess) -> int:
        # A process group of its own: Ctrl-C reaches only the supervisor, which then stops the others in order.
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *managed.command,
            cwd=ROOT,
            env=self._environment,
            stdin=asyncio.subprocess.DEVNULL,
            process_group=0,
            preexec_fn=end_with_parent,
        )
        log.info("started", program=managed.name, pid=process.pid)
        ended = asyncio.create_task(process.wait())
        stopping = asyncio.create_task(self._stopping.wait())
        await asyncio.wait({ended, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if not ended.done():
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            try:
                await asyncio.wait_for(asyncio.shield(ended), STOP_WITHIN_S)
            except TimeoutError:
                log.error("killed", program=managed.name, pid=process.pid)
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
        code = await ended
        log.info("ended", program=managed.name, exit_code=code)
        return code


def managed_processes(workers: int) -> list[ManagedProcess]:
    """The HTTP app and so many worker processes."""
    return [
        ManagedProcess("app", ("-m", "app")),
        *(ManagedProcess(f"worker-{number}", ("-m", "worker", "run")) for number in range(1, workers + 1)),
    ]
