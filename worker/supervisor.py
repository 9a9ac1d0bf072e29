"""Keeps the HTTP app and the workers running: starts them, starts again what dies, stops all of them together."""

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

from db.fault import AWAY, CONFIGURATION
from db.settings import ROOT

FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 8.0
# Who lived so long was well: its next death is answered at once again.
WELL_AFTER_S = 30.0
# Batches in hand are finished first; who has not ended by then is killed.
STOP_WITHIN_S = 75.0
PR_SET_PDEATHSIG = 1

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Program:
    """One process to keep running; `command` are arguments of this Python."""

    name: str
    command: tuple[str, ...]


def end_with_parent() -> None:
    """In the child, before it becomes the program: a killed supervisor leaves nobody behind (Linux)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Supervisor:
    """Runs until SIGTERM or SIGINT, or until a program refuses to start for want of configuration."""

    def __init__(self, programs: Sequence[Program], environment: dict[str, str]) -> None:
        self._programs = programs
        self._environment = os.environ | environment
        self._stopping = asyncio.Event()
        self._exit_code = 0

    async def run(self) -> int:
        loop = asyncio.get_running_loop()
        for told in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(told, self._stopping.set)
        async with asyncio.TaskGroup() as group:
            for program in self._programs:
                group.create_task(self._keep(program))
        return self._exit_code

    async def _keep(self, program: Program) -> None:
        wait, is_first = FIRST_WAIT_S, True
        while not self._stopping.is_set():
            started = monotonic()
            code = await self._once(program)
            if self._stopping.is_set():
                return
            lived = monotonic() - started
            if code == CONFIGURATION and is_first:
                # It has said why on stderr. Later in life the others, which run, are of more use than an end of all.
                self._exit_code = CONFIGURATION
                self._stopping.set()
                return
            # Who has not even met its database has not been first yet.
            is_first = is_first and code == AWAY
            wait = FIRST_WAIT_S if lived > WELL_AFTER_S else wait
            log.warning("died", program=program.name, exit_code=code, lived_s=round(lived, 1), again_in_s=wait)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), wait)
            wait = min(wait * 2, LONGEST_WAIT_S)

    async def _once(self, program: Program) -> int:
        # A process group of its own: Ctrl-C reaches the supervisor alone, which then stops the others in order.
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *program.command,
            cwd=ROOT,
            env=self._environment,
            stdin=asyncio.subprocess.DEVNULL,
            process_group=0,
            preexec_fn=end_with_parent,
        )
        log.info("started", program=program.name, pid=process.pid)
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
                log.error("killed", program=program.name, pid=process.pid)
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
        code = await ended
        log.info("ended", program=program.name, exit_code=code)
        return code


def programs(workers: int) -> list[Program]:
    """The HTTP app and so many workers."""
    return [
        Program("app", ("-m", "app")),
        *(Program(f"worker-{number}", ("-m", "worker", "run")) for number in range(1, workers + 1)),
    ]
