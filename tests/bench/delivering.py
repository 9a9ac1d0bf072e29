"""Messages through real worker processes: discarded, and to a mail server on this machine."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from aiosmtplib import SMTP

from tests.bench.figure import Figure, measurement
from tests.bench.stage import Program, Stage, running, until
from tests.doubles.process import started as double
from worker.channels.channel import Message
from worker.channels.email import Relay
from worker.channels.mime import MessageWriter

NULL = "null://nowhere"
EMPTY_JOBS = 20_000
EMAILS = 6_000
SENDER = "Shokti <reminders@shokti.example>"


@measurement
def messages(stage: Stage) -> Iterator[Figure]:
    """From the wake-up to the last recorded outcome, through pgqueuer, claim and a channel that discards."""
    for workers in (1, 2):
        with stage.clone(stage.due(), "messages") as name, ExitStack() as stack:
            processes = started(stage, stack, name, workers, NULL)
            run = delivered(stage, name, processes)
            memory = max(process.peak_mb() for process in processes)
        yield Figure(f"messages_{workers}_worker{'s' * (workers > 1)}", run.per_s, "messages/s to the null channel")
        yield Figure(f"messages_{workers}_cpu_server", run.server_us, "us/message")
        yield Figure(f"messages_{workers}_cpu_workers", run.workers_us, "us/message")
        yield Figure(f"messages_{workers}_memory", memory, "MB, the most a worker held")
        with stage.clone(stage.base(), "jobs") as name, ExitStack() as stack:
            yield Figure(f"messages_{workers}_floor", empty_jobs(stage, stack, name, workers), "empty pgqueuer jobs/s")


@measurement
def emails(stage: Stage) -> Iterator[Figure]:
    """The same, as e-mails to an SMTP server in a process of its own."""
    ledger = log(stage, "sink")
    with (
        double("tests.doubles.smtp_sink", "--ledger", str(ledger)) as port,
        stage.clone(stage.due(), "emails") as name,
        ExitStack() as stack,
    ):
        url = f"smtp://127.0.0.1:{port}"
        with stage.connect(name) as owner:
            owner.execute(
                "delete from outreach.message where message_id in"
                " (select message_id from outreach.message order by due_at offset %s)",
                [EMAILS],
            )
        processes = started(stage, stack, name, 1, url)
        run = delivered(stage, name, processes)
        yield Figure("emails", run.per_s, "e-mails/s by one worker")
        yield Figure("emails_cpu_worker", run.workers_us, "us/e-mail")
        yield Figure("emails_memory", processes[0].peak_mb(), "MB, the most the worker held")
        arrived = ledger.read_bytes().count(b"\n")
        assert arrived == run.messages, f"{arrived} of {run.messages} arrived"
        yield Figure("emails_floor", asyncio.run(handed_over(url, EMAILS)), "e-mails/s, aiosmtplib alone")


class Run:
    """The cost of delivering everything that was due."""

    def __init__(self, messages: int, seconds: float, server_s: float, workers_s: float) -> None:
        self.messages = messages
        self.per_s = messages / seconds
        self.server_us = 1e6 * server_s / messages
        self.workers_us = 1e6 * workers_s / messages


def started(stage: Stage, stack: ExitStack, name: str, workers: int, smtp_url: str) -> list[Program]:
    """Idle worker processes."""
    processes = [
        stack.enter_context(
            running(
                "worker", "run", "--no-schedules",
                log=log(stage, f"worker-{number}"),
                DATABASE_URL=stage.server.url(name),
                SMTP_URL=smtp_url,
                MAIL_FROM=SENDER,
            )
        )
        for number in range(workers)
    ]  # fmt: skip
    for process in processes:
        process.wait_for(b'"started"')
    return processes


def delivered(stage: Stage, name: str, processes: list[Program]) -> Run:
    """Wakes the workers and waits until no message is scheduled or claimed."""
    with stage.connect(name) as owner:
        server_s, workers_s = stage.server_cpu_s(), sum(process.cpu_s() for process in processes)
        begun = time.perf_counter()
        owner.execute(
            "select outreach.enqueue_wake_ups(channel, array_agg(due_at)) from outreach.message group by channel"
        )

        def all_done() -> bool:
            row = owner.execute(
                "select not exists (select from outreach.message where state = 'scheduled' and channel = 'email')"
                " and not exists (select from outreach.message where state in ('claimed', 'in_doubt'))"
            ).fetchone()
            return row is not None and bool(row[0])

        until(all_done, 0.1)
        seconds = time.perf_counter() - begun
        server_s, workers_s = stage.server_cpu_s() - server_s, sum(one.cpu_s() for one in processes) - workers_s
        rows = owner.execute("select state, count(*) from outreach.message group by state").fetchall()
        states: dict[str, int] = dict(rows)
    assert states.keys() == {"sent"}, states
    return Run(states["sent"], seconds, server_s, workers_s)


def empty_jobs(stage: Stage, stack: ExitStack, name: str, workers: int) -> float:
    """pgqueuer alone: jobs a second that do nothing."""
    processes = [
        stack.enter_context(
            running(
                "tests.bench.empty_jobs",
                log=log(stage, f"empty-{number}"),
                DATABASE_URL=stage.server.url(name),
            )
        )
        for number in range(workers)
    ]
    for process in processes:
        process.wait_for(b"started")
    with stage.connect(name) as owner:
        begun = time.perf_counter()
        owner.execute(
            "select queue.enqueue_many('empty', array_fill('{}'::jsonb, array[%(jobs)s]),"
            " array_fill(clock.now(), array[%(jobs)s]), array_fill(null::text, array[%(jobs)s]))",
            {"jobs": EMPTY_JOBS},
        )

        def all_done() -> bool:
            row = owner.execute("select not exists (select from queue.pgqueuer)").fetchone()
            return row is not None and bool(row[0])

        until(all_done, 0.05)
        return EMPTY_JOBS / (time.perf_counter() - begun)


async def handed_over(url: str, emails: int) -> float:
    """One prebuilt message repeatedly, over as many connections as the adapter opens."""
    relay = Relay.of(url)
    content = MessageWriter(SENDER).message(LETTER)
    left = iter(range(emails))

    async def lane() -> None:
        client: SMTP = relay.client()
        await client.connect()
        for _ in left:
            await client.sendmail("reminders@shokti.example", ["customer@example.com"], content)
        await client.quit()

    begun = time.perf_counter()
    await asyncio.gather(*(lane() for _ in range(relay.connections)))
    return emails / (time.perf_counter() - begun)


LETTER = Message(
    message_id="01a20a19-8545-7b9f-bbfd-16659bb7d12b",
    attempt=1,
    channel="email",
    purpose="outreach",
    language="bn",
    address="customer@example.com",
    name="রহিমা খাতুন",
    subject="বাসা পরিষ্কার: আবার সময় হয়ে এল?",
    body="শুভেচ্ছা, রহিমা খাতুন\n\nএখান থেকে বুক করা যাবে:\nhttps://shokti.example/l/0123456789012345678901\n\n"
    "এখন দরকার না হলে কিছুই করতে হবে না।\nএমন বার্তা আর না চাইলে এখানে জানান: https://shokti.example/u/0123456789012345678901",
    link="https://shokti.example/l/0123456789012345678901",
    stop_link="https://shokti.example/u/0123456789012345678901",
)


def log(stage: Stage, name: str) -> Path:
    return stage.server.data.parent / f"{name}.log"
