"""The commands of `python -m worker`."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import Annotated

import typer
import uvloop
from rich.console import Console

import db
from db import log
from db.fault import exit_on_fault
from db.provision import find_url
from db.settings import read_settings

app = typer.Typer(
    name="python -m worker",
    help="Takes jobs from the queue and calls the outside: mail servers, gateways, the model.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def main() -> None:
    """A Fault becomes its line and its exit code."""
    with exit_on_fault():
        app(prog_name="python -m worker")


@app.command()
def run(
    schedules: Annotated[bool, typer.Option(help="Also run the cron lines of worker/schedules.py.")] = True,
    mailbox: Annotated[
        bool, typer.Option("--mailbox", help="Write e-mail to the mailbox folder even if SMTP_URL is set.")
    ] = False,
    heartbeat: Annotated[
        float, typer.Option(min=0.5, help="Seconds after which the jobs of a silent process go to another.")
    ] = 30.0,
) -> None:
    """Run one worker process until SIGTERM. Exit code 1: its listener is lost, so start it again."""
    from worker import process

    settings = read_settings()
    if mailbox:
        settings = settings.model_copy(update={"smtp_url": None})
    log.configure(settings.log_level, f"worker {os.getpid()}", sys.stderr)
    options = process.Options(schedules=schedules, heartbeat_s=heartbeat)
    raise typer.Exit(uvloop.run(process.run(settings, find_url(settings), options)))


@app.command()
def supervise(
    workers: Annotated[int | None, typer.Option(min=1, max=64, help="Default: WORKER_PROCESSES.")] = None,
) -> None:
    """Keep the HTTP app and the workers running. The database is brought up to date first; SIGTERM stops all."""
    from worker.supervisor import Supervisor, managed_processes

    settings = read_settings()
    log.configure(settings.log_level, "supervisor", sys.stderr)
    with err.status("starting the database") as status:
        url = db.ensure_up(settings, tell=lambda what: status.update(f"applying {what}"))
    err.print(f"serving {settings.public_url} (Ctrl-C stops)")

    async def keep() -> int:
        return await Supervisor(managed_processes(workers or settings.worker_processes), {"DATABASE_URL": url}).run()

    raise typer.Exit(asyncio.run(keep()))


@app.command()
def day(
    seconds: Annotated[float, typer.Option(min=5, help="Length of the day; it ends early when all is sent.")] = 45,
) -> None:
    """Run a day of reminders in under a minute. Real workers, a simulated clock; ends with a report."""
    from worker.demo_day import run_demo_day

    settings = read_settings()
    try:
        code = asyncio.run(run_demo_day(settings, seconds))
    except (KeyboardInterrupt, asyncio.CancelledError):
        err.print("stopped; the clock is real again")
        code = 130
    raise typer.Exit(code)
