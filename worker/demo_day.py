"""The demo day: a day of reminders in under a minute, with real workers and a real queue on a simulated clock."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any, TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

import db
from db import simulation
from db.connection import Connection, connect, pool
from db.fault import Fault
from db.settings import LOCAL_ZONE, ROOT, Settings
from worker.jobs import Jobs
from worker.process import ROLE

CAMPAIGN = "daily-reminder"
WORKERS = 2
BEGINS, ENDS = timedelta(hours=6, minutes=55), timedelta(hours=21, minutes=30)
START_WITHIN_S = 60.0
PLAN_WITHIN_S = 300.0
LOGS = ROOT / "var" / "log"

FIGURES = ("candidates", "messages", "ghosts", "refused", "refusals", "sent", "in_doubt", "expired")
MEANINGS = {
    "already_reminded": "was reminded of this before",
    "another_service_first": "a reminder of another service goes first",
    "capped": "the frequency caps are used up",
    "global_control": "in the control group that gets no outreach",
    "no_address": "has consent, but no address",
    "no_consent": "has not consented to messages",
    "no_text": "no approved text in the person's language",
    "no_time_left": "quiet hours until the message is of no use",
    "not_in_canary": "outside the canary of the campaign",
    "person_inactive": "the account is closed or blocked",
    "suppressed": "the address bounced, or its owner complained",
}

err = Console(stderr=True, highlight=False)
out = Console(highlight=False, soft_wrap=True)


async def run_demo_day(settings: Settings, seconds: float) -> int:
    """Runs the demo day in about so many seconds. 0 if the figures of its run add up, else 1."""
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, cancel_on_signal(asyncio.current_task()))
    with err.status("starting the database") as status:
        url = await asyncio.to_thread(db.ensure_up, settings, lambda what: status.update(f"applying {what}"))
    midnight = last_whole_day(datetime.now(LOCAL_ZONE))
    async with pool(url, role=ROLE, application_name="shokti day") as connections:
        jobs = Jobs(connections)
        await ensure_demo_database(jobs, url, midnight)
        key = f"manual {datetime.now(LOCAL_ZONE).isoformat(timespec='milliseconds')}"
        with simulated_clock(url) as clock, workers(url) as running:
            await await_start(running)
            simulation.set_clock(clock, midnight + BEGINS, (ENDS - BEGINS).total_seconds() / seconds)
            run_id = await request_and_await_plan(jobs, key, running)
            await await_deliveries(jobs, run_id, clock, midnight, running)
            # Time stands still while the workers finish what they have in hand.
            simulation.set_clock(clock, max(simulation.simulated_now(clock), midnight + BEGINS))
            await asyncio.to_thread(stop, running)
            await jobs.sweep()
        figures = await jobs.run_report(run_id)
        print_report(midnight, figures, await jobs.sample_messages(run_id, 3), settings.mailbox_dir)
        print(json.dumps({name: figures[name] for name in FIGURES}, ensure_ascii=False), flush=True)
        return 0 if figures["identity_holds"] else 1


def cancel_on_signal(task: asyncio.Task[Any] | None) -> Callable[[], bool]:
    """Cancels the day, which removes the simulated clock from the database."""
    assert task is not None
    return task.cancel


def last_whole_day(now: datetime) -> datetime:
    """Midnight in Dhaka of the last day that has ended."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)


async def ensure_demo_database(jobs: Jobs, url: str, midnight: datetime) -> None:
    """A Fault unless the database holds a made-up marketplace. One is made in an empty database."""
    installation = await jobs.installation()
    if installation["is_empty"]:
        until = (midnight - timedelta(days=1)).date().isoformat()
        made = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "db", "demo", "--until", until, cwd=ROOT, env=os.environ | {"DATABASE_URL": url},
            stdout=sys.stderr,
        )  # fmt: skip
        if await made.wait() != 0:
            raise Fault("the made-up marketplace could not be made", exit_code=1)
        installation = await jobs.installation()
    if installation["kind"] != "demo":
        raise Fault(
            "this database holds a real marketplace: the demo day would send messages to real people at a false time"
        )


@contextmanager
def simulated_clock(url: str) -> Iterator[Connection]:
    """The simulated clock is in the database while the block runs."""
    with connect(url, role="shokti_owner", application_name="shokti day clock") as owner:
        simulation.install(owner)
        try:
            yield owner
        finally:
            simulation.uninstall(owner)


Running = list[tuple["subprocess.Popen[bytes]", Path]]


@contextmanager
def workers(url: str) -> Iterator[Running]:
    """Worker processes as in production, but without schedules, which follow the real clock."""
    LOGS.mkdir(parents=True, exist_ok=True)
    running: Running = []
    opened: list[TextIO] = []
    try:
        for number in range(1, WORKERS + 1):
            log = LOGS / f"day-worker-{number}.log"
            opened.append(log.open("w", encoding="utf-8"))
            running.append((
                subprocess.Popen(
                    [sys.executable, "-m", "worker", "run", "--no-schedules", "--mailbox"],
                    cwd=ROOT,
                    env=os.environ | {"DATABASE_URL": url},
                    stdout=opened[-1],
                    stderr=opened[-1],
                    start_new_session=True,
                ),
                log,
            ))  # fmt: skip
        yield running
    finally:
        stop(running)
        for file in opened:
            file.close()


def stop(running: Running) -> None:
    """Asks all processes to finish and waits for them. Idempotent."""
    for process, _ in running:
        if process.poll() is None:
            process.terminate()
    for process, _ in running:
        try:
            process.wait(timeout=75)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def check_alive(running: Running) -> None:
    """A Fault if a process has died."""
    for process, log in running:
        if process.poll() is not None:
            raise Fault(f"a worker ended with exit code {process.returncode}; its log is {log}", exit_code=1)


async def await_start(running: Running) -> None:
    async with asyncio.timeout(START_WITHIN_S):
        while not all('"started"' in log.read_text(encoding="utf-8") for _, log in running):
            check_alive(running)
            await asyncio.sleep(0.05)


async def request_and_await_plan(jobs: Jobs, key: str, running: Running) -> str:
    """Requests a plan through the queue and waits for the run that a worker makes; its id."""
    await jobs.request_plan(CAMPAIGN, key)
    give_up_at = monotonic() + PLAN_WITHIN_S
    with err.status("planning"):
        while (run_id := await jobs.find_run(CAMPAIGN, key)) is None:
            check_alive(running)
            if monotonic() > give_up_at:
                raise Fault(f"no plan was made; the logs are in {LOGS}", exit_code=1)
            await asyncio.sleep(0.1)
    return run_id


async def await_deliveries(jobs: Jobs, run_id: str, clock: Connection, midnight: datetime, running: Running) -> None:
    """Returns when no message is due on this day any more, or when the day is over."""
    bar = Progress(
        TextColumn("{task.fields[time]}"),
        BarColumn(),
        TextColumn("{task.completed:.0f} of {task.total:.0f} messages"),
        TimeElapsedColumn(),
        console=err,
    )
    with bar:
        task = bar.add_task("day", total=0, time="")
        while True:
            check_alive(running)
            figures, now = await jobs.run_report(run_id), simulation.simulated_now(clock)
            done = figures["messages"] - figures["waiting"]
            bar.update(
                task, total=figures["messages"], completed=done, time=f"{now.astimezone(LOCAL_ZONE):%a %d %b %H:%M}"
            )
            next_due_at = await jobs.next_due_at(run_id)
            if next_due_at is None or max(now, next_due_at) >= midnight + ENDS:
                return
            await asyncio.sleep(0.2)


def print_report(midnight: datetime, figures: dict[str, Any], samples: list[dict[str, Any]], mailbox: Path) -> None:
    """Prints the report of the day."""
    out.print(f"\n[bold]Reminders of {midnight:%A %d %B %Y}[/bold], planned and sent by {WORKERS} workers\n")
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_row("due for a reminder (candidates)", str(figures["candidates"]))
    table.add_row("  = messages", str(figures["messages"]))
    table.add_row("  + ghosts (holdout, never sent)", str(figures["ghosts"]))
    table.add_row("  + refused", str(figures["refused"]))
    for reason, number in figures["refusals"].items():
        table.add_row(f"      {reason}", str(number), f"[dim]{MEANINGS.get(reason, '')}[/dim]")
    table.add_row("messages", str(figures["messages"]))
    for name, title in (
        ("sent", "sent"),
        ("in_doubt", "in doubt (answer lost)"),
        ("expired", "expired"),
        ("refused_at_claim", "refused at the claim"),
        ("failed", "failed"),
        ("waiting", "waiting for another day"),
    ):
        table.add_row(f"  {'=' if name == 'sent' else '+'} {title}", str(figures[name]))
    out.print(table)
    if not figures["identity_holds"]:
        out.print("\n[bold red]These figures do not add up.[/bold red]")
    if figures["sent"] == 0 and figures["refusals"].get("already_reminded"):
        out.print("\nNothing was sent: everybody who is due was reminded before, and no reminder is sent twice.")
    if figures["waiting"]:
        out.print(f"\n{figures['waiting']} messages wait until caps and quiet hours allow them.")
    for sample in samples:
        out.print(f"\n{sample['subject']}", style="bold", markup=False)
        out.print(sample["body"], markup=False)
    out.print(
        f"\nThe messages are in {mailbox / 'new'} (open one with a mail program), the logs in {LOGS}\n", markup=False
    )
