"""10: processes die by SIGKILL at every step of plan, claim, send and record; the ledger is outside the database.

Afterwards no person is skipped, no message was sent twice, and messages of unknown outcome are in doubt.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from db.connection import connect as connected
from tests.conftest import Clock, Connect
from tests.doubles.process import Sink
from tests.worker.stage import Reminders, Start, until

pytestmark = [pytest.mark.faults, pytest.mark.slow]

PEOPLE_A_ROUND = 30
# Twice this number, and ten within plan, claim and record, make a hundred.
KILLS = 45
# Seconds between waking the worker and killing it; seeded, so that a failure can be reproduced.
MOMENTS = random.Random(20261123)


def due_now(reminders: Reminders, number: int) -> None:
    """Makes the next few messages due, and no others."""
    reminders.db.execute(
        "update outreach.message set due_at = clock.now() where message_id in ("
        "select message_id from outreach.message where state = 'scheduled' and attempt = 0"
        " order by message_id limit %s)",
        [number],
    )


def wake(reminders: Reminders) -> None:
    reminders.db.execute("delete from queue.pgqueuer where entrypoint = 'deliver' and status = 'queued'")
    reminders.db.execute("select queue.enqueue('deliver', '{\"channel\": \"email\"}')")


def killed_in_rounds(
    reminders: Reminders, worker: Start, environment: dict[str, str], went_out: Callable[[], int]
) -> None:
    """A third of the processes dies after so many messages, a third at a random moment, a third during a claim."""

    def reached(target: int) -> bool:
        return went_out() >= target

    # A claim may end before it is seen; the process then dies right after it.
    claimed = (
        "select count(*) filter (where state = 'claimed' and state_at > clock.now() - interval '1 second')"
        " + (count(*) filter (where state = 'scheduled' and due_at <= clock.now()) = 0)::int from outreach.message"
    )
    for kill in range(KILLS):
        process = worker(**environment)
        before = went_out()
        due_now(reminders, PEOPLE_A_ROUND)
        wake(reminders)
        match kill % 3:
            case 0:
                target = before + 1 + kill * 7 % (PEOPLE_A_ROUND - 1)
                until(partial(reached, target), what="messages went out")
            case 1:
                # The only use of real time: the process must die at an arbitrary point.
                time.sleep(MOMENTS.uniform(0.0, 0.25))
            case 2:
                until(lambda: reminders.db.execute(claimed).fetchone() != (0,), what="a claim")
        process.kill()


def brought_to_an_end(reminders: Reminders, worker: Start, clock: Clock, environment: dict[str, str]) -> None:
    """A last worker that is not killed, after the leases of the others have expired and a sweep has run."""
    process = worker(**environment)
    clock.set(clock.now(), speed=1)
    clock.advance(minutes=10)
    clock.set(clock.now(), speed=1)
    reminders.db.execute("select queue.enqueue('sweep', '{}')")
    until(lambda: process.said("swept"))
    reminders.db.execute("select queue.enqueue('settle', '{}')")
    rest = "select count(*) from outreach.message where state in ('scheduled', 'claimed')"

    def nothing_left() -> bool:
        reminders.send_now()
        return reminders.db.execute(rest).fetchone() == (0,)

    until(nothing_left, seconds=60, what=f"an end of {reminders.states()}")


def test_sending_by_smtp(reminders: Reminders, worker: Start, sink: Sink, clock: Clock) -> None:
    people = [f"p{number}@example.com" for number in range(KILLS * PEOPLE_A_ROUND)]
    reminders.customers(people)
    reminders.db.execute("select jobs.plan_campaign(%s, 'x')", [reminders.campaign_id])
    environment = {"SMTP_URL": f"{sink.url}?connections=2&rate=300"}
    killed_in_rounds(reminders, worker, environment, lambda: len(sink.taken()))
    brought_to_an_end(reminders, worker, clock, environment)

    states = reminders.states()
    assert set(states) == {"sent", "in_doubt"}
    assert states["in_doubt"] > 0, "the kills hit nothing"
    assert sum(states.values()) == len(people), "somebody was skipped"
    assert reminders.identity_holds()
    took = Counter(entry["message_id"] for entry in sink.taken())
    assert max(took.values()) == 1, "somebody got it twice"
    rows = reminders.db.execute("select message_id::text, state from outreach.message").fetchall()
    assert all(took[message_id] == 1 for message_id, state in rows if state == "sent"), "sent, but never arrived"
    # Every cap slot is held by a delivery that counts, and by no other.
    assert reminders.db.execute(
        "select count(*) from outreach.cap_slot s join outreach.delivery d using (message_id, attempt)"
        " where d.state = 'released'"
    ).fetchone() == (0,)


def test_sending_to_the_mailbox_folder_leaves_no_doubt(
    reminders: Reminders, worker: Start, clock: Clock, tmp_path: Path
) -> None:
    """An adapter with a look-up settles every doubt: each person gets the message exactly once."""
    reminders.customers([f"p{number}@example.com" for number in range(KILLS * PEOPLE_A_ROUND)])
    reminders.db.execute("select jobs.plan_campaign(%s, 'x')", [reminders.campaign_id])
    folder = tmp_path / "mailbox" / "new"
    folder.mkdir(parents=True)

    def files() -> list[str]:
        return [file.name for file in folder.iterdir()]

    killed_in_rounds(reminders, worker, {}, lambda: len(files()))
    brought_to_an_end(reminders, worker, clock, {})
    until(lambda: reminders.states() == {"sent": KILLS * PEOPLE_A_ROUND}, what=f"all sent, not {reminders.states()}")
    assert reminders.identity_holds()
    arrived = Counter(name.split(".")[0] for name in files())
    assert max(arrived.values()) == 1
    assert len(arrived) == KILLS * PEOPLE_A_ROUND


@pytest.mark.parametrize("backend_dies_too", [False, True])
@pytest.mark.parametrize("blocked_on", ["smartengage.run", "smartengage.candidate", "outreach.message"])
def test_planning(
    reminders: Reminders,
    worker: Start,
    connect: Connect,
    superuser_url: str,
    blocked_on: str,
    backend_dies_too: bool,
) -> None:
    """The process dies during the plan's statement, whose transaction commits or not: there is one complete run."""
    reminders.customers([f"p{number}@example.com" for number in range(50)])
    blocker = connect(autocommit=False)
    blocker.execute(f"lock table {blocked_on} in share row exclusive mode")
    waiting = "select count(*) from pg_locks where not granted and relation = %s::regclass"
    process = worker()
    reminders.plan("daily 2026-11-23")
    until(lambda: reminders.db.execute(waiting, [blocked_on]).fetchone() != (0,), what="the plan is at work")
    process.kill()
    if backend_dies_too:
        end_worker_sessions(superuser_url)
    blocker.rollback()
    worker()
    until(reminders.queue_has_no_plan, what="planned")
    assert reminders.db.execute("select count(*) from smartengage.run").fetchone() == (1,)
    assert reminders.states() == {"scheduled": 50}
    assert reminders.identity_holds()


@pytest.mark.parametrize("step", ["claim", "record"])
@pytest.mark.parametrize("backend_dies_too", [False, True])
def test_claim_and_record(
    reminders: Reminders,
    worker: Start,
    sink: Sink,
    clock: Clock,
    connect: Connect,
    superuser_url: str,
    step: str,
    backend_dies_too: bool,
) -> None:
    """The process dies during the claim, or after sending and before the record."""
    reminders.customers([f"p{number}@example.com" for number in range(50)])
    reminders.db.execute("select jobs.plan_campaign(%s, 'x')", [reminders.campaign_id])
    # Slow enough for the lock to be taken before the record.
    environment = {"SMTP_URL": f"{sink.url}?rate=50"}
    blocker = connect(autocommit=False)
    process = worker(**environment)
    if step == "claim":
        blocker.execute("lock table outreach.delivery in share row exclusive mode")
        reminders.send_now()
    else:
        due_now(reminders, 50)
        wake(reminders)
        until(lambda: len(sink.taken()) > 0, what="sending has begun")
        blocker.execute("lock table outreach.delivery in share row exclusive mode")
    waiting = "select count(*) from pg_locks where not granted and relation = 'outreach.delivery'::regclass"
    until(lambda: reminders.db.execute(waiting).fetchone() != (0,), what=f"the {step} is at work")
    process.kill()
    if backend_dies_too:
        end_worker_sessions(superuser_url)
    blocker.rollback()
    until(lambda: reminders.db.execute(waiting).fetchone() == (0,))
    brought_to_an_end(reminders, worker, clock, environment)
    assert sum(reminders.states().values()) == 50
    assert set(reminders.states()) <= {"sent", "in_doubt"}
    assert reminders.identity_holds()
    took = Counter(entry["message_id"] for entry in sink.taken())
    assert max(took.values()) == 1
    if step == "claim" and backend_dies_too:
        assert reminders.states() == {"sent": 50}
    if step == "record" and not backend_dies_too:
        assert reminders.states() == {"sent": 50}


def end_worker_sessions(superuser_url: str) -> None:
    with connected(superuser_url, application_name="shokti test superuser") as superuser:
        superuser.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where application_name like 'shokti worker%' and datname = current_database()"
        )
