"""The time until a one-time code arrives while two worker processes deliver a campaign."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests.bench.delivering import SENDER, Run, delivered, log
from tests.bench.figure import Figure, measurement
from tests.bench.load import request
from tests.bench.serving import free_port, wait_for
from tests.bench.stage import Program, Stage, running, until

MESSAGES = 50_000
WORKERS = 2
#: Codes requested in a second, each by another known person from another network address.
PER_SECOND = 10
MOST = 1000
PATIENCE_S = 60.0


@measurement
def codes(stage: Stage) -> Iterator[Figure]:
    """From the first byte of the request over HTTP until the message is in the mailbox folder."""
    with stage.clone(stage.due(), "codes") as name, ExitStack() as stack:
        folder = stage.server.data.parent / "mailbox"
        with stage.connect(name) as owner:
            owner.execute(
                "delete from outreach.message where message_id in"
                " (select message_id from outreach.message order by due_at offset %s)",
                [MESSAGES],
            )
            people = [
                row[0]
                for row in owner.execute(
                    "select o.address from account.contact o join account.person p using (user_id)"
                    " where o.channel = 'email' and p.role = 'customer' and p.disabled_at is null"
                    " and p.erased_at is null order by md5(o.address) limit %s",
                    [MOST],
                ).fetchall()
            ]
        environment = {
            "DATABASE_URL": stage.server.url(name),
            "MAILBOX_DIR": str(folder),
            "MAIL_FROM": SENDER,
            # Each request has a network address of its own, by the header of a trusted proxy.
            "TRUSTED_PROXIES": "127.0.0.1/32",
        }
        port = free_port()
        stack.enter_context(running("app", log=log(stage, "edge"), APP_PORT=str(port), **environment))
        workers = [
            stack.enter_context(running("tests.bench.split_worker", log=log(stage, f"worker-{n}"), **environment))
            for n in range(WORKERS)
        ]
        wait_for(port)
        for worker in workers:
            worker.wait_for(b'"started"')
        quiet = asyncio.run(asked(port, folder, iter(people[:50]), None))
        yield from told("codes_floor", quiet, "with idle workers")
        run, busy = asyncio.run(during(stage, name, workers, port, folder, iter(people[50:])))
        yield from told("codes", busy, f"during a campaign of {run.messages} messages")
        yield Figure("codes_campaign", run.per_s, "messages/s to the null channel meanwhile")


async def during(
    stage: Stage, name: str, workers: list[Program], port: int, folder: Path, people: Iterator[str]
) -> tuple[Run, list[float]]:
    """The delivery of the campaign, and the seconds of each code requested meanwhile."""
    over = asyncio.Event()
    asking = asyncio.create_task(asked(port, folder, people, over))
    run = await asyncio.to_thread(delivered, stage, name, workers)
    over.set()
    return run, await asking


async def asked(port: int, folder: Path, people: Iterator[str], over: asyncio.Event | None) -> list[float]:
    """Requests at an even pace, whether or not the one before has arrived."""
    begun: dict[str, float] = {}
    under_way: list[asyncio.Task[None]] = []

    async def ask(turn: int, address: str) -> None:
        sent_at = time.time()
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        headers = {"X-Forwarded-For": f"198.51.{turn // 250}.{turn % 250 + 1}", "Connection": "close"}
        body = {"channel": "email", "destination": address}
        writer.write(request("POST", "/auth/request-otp", headers, body))
        answer = await reader.read()
        writer.close()
        if not answer.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(answer.decode(errors="replace"))
        told: dict[str, Any] = json.loads(answer.partition(b"\r\n\r\n")[2])
        begun[told["request_id"]] = sent_at

    next_at = time.monotonic()
    for turn, address in enumerate(people):
        if over is not None and over.is_set():
            break
        under_way.append(asyncio.create_task(ask(turn, address)))
        next_at += 1 / PER_SECOND
        await asyncio.sleep(max(0.0, next_at - time.monotonic()))
    await asyncio.gather(*under_way)
    arrived: dict[str, float] = {}

    def all_there() -> bool:
        # The rename is the last change of the file: the time at which it appeared in the folder.
        for file in (folder / "new").glob("*.eml"):
            arrived.setdefault(file.name.split(".")[0], file.stat().st_ctime)
        return begun.keys() <= arrived.keys()

    await asyncio.to_thread(until, all_there, 0.2, give_up_s=PATIENCE_S)
    return sorted(arrived[request_id] - at for request_id, at in begun.items())


def told(name: str, seconds: list[float], when: str) -> Iterator[Figure]:
    yield Figure(name, len(seconds), f"codes asked for {when}, {PER_SECOND} a second")
    yield Figure(f"{name}_p50", 1000 * seconds[len(seconds) // 2], "ms from request to mailbox folder")
    yield Figure(f"{name}_p95", 1000 * seconds[int(0.95 * len(seconds))], "ms")
    yield Figure(f"{name}_max", 1000 * seconds[-1], "ms")
