"""From plan to provider through real worker processes: everybody due gets one message, whatever fails."""

from __future__ import annotations

import signal
from collections import Counter
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from db.connection import Connection
from tests.doubles.process import Sink
from tests.marketplace import person
from tests.outbox import message
from tests.worker.stage import Reminders, Start, until


def addresses(number: int) -> list[str]:
    return [f"p{one}@example.com" for one in range(number)]


def test_a_planned_campaign_is_sent_once_to_each(reminders: Reminders, worker: Start, sink: Sink) -> None:
    people = addresses(250)
    reminders.customers(people)
    process = worker(SMTP_URL=sink.url)
    reminders.plan()
    until(reminders.run_id, what="plan")
    reminders.send_now()
    until(lambda: reminders.states() == {"sent": 250}, what="all sent")
    assert Counter(entry["address"] for entry in sink.taken()) == Counter(people)
    assert reminders.identity_holds()
    assert process.stop() == 0
    # Ids only: no line of the log holds an address or a name.
    assert "@example.com" not in process.log.read_text(encoding="utf-8")
    assert "রহিমা" not in process.log.read_text(encoding="utf-8")


def test_what_is_delivered_is_what_the_database_recorded(
    reminders: Reminders, worker: Start, db: Connection, tmp_path: Path
) -> None:
    """The text part of the file is the body that the claim rendered, with links in place of placeholders."""
    reminders.customers(addresses(3))
    worker()
    reminders.plan()
    until(reminders.run_id)
    reminders.send_now()
    until(lambda: reminders.states() == {"sent": 3})
    files = list((tmp_path / "mailbox" / "new").iterdir())
    assert len(files) == 3
    for file in files:
        message_id = file.name.split(".")[0]
        row = db.execute(
            "select subject, body, provider_id from outreach.delivery where message_id = %s", [message_id]
        ).fetchone()
        assert row is not None
        read = message_from_bytes(file.read_bytes(), policy=default)
        part = read.get_body(("plain",))
        assert part is not None
        stop_link = read["List-Unsubscribe"].strip("<>")
        expected = row[1].replace("{stop_link}", stop_link).replace("{link}", stop_link.replace("/u/", "/l/"))
        assert part.get_content().replace("\r\n", "\n") == expected
        assert (read["Subject"], file.name) == (row[0], row[2])


def test_1_two_planners_and_two_workers_start_in_the_same_second(
    reminders: Reminders, worker: Start, sink: Sink
) -> None:
    people = addresses(150)
    reminders.customers(people)
    reminders.plan("daily 2026-11-23")
    reminders.plan("daily 2026-11-23")
    both = [worker(SMTP_URL=sink.url, wait=False) for _ in range(2)]
    for process in both:
        process.ready()
    until(reminders.run_id)
    until(reminders.states)
    reminders.send_now()
    until(lambda: reminders.states() == {"sent": 150})
    assert Counter(entry["address"] for entry in sink.taken()) == Counter(people)
    assert len([line for process in both for line in process.said("planned")]) == 2
    assert len([line for process in both for line in process.said("planned") if not line["already"]]) == 1


def test_2_a_job_that_outlives_its_heartbeat_is_given_away_and_still_sends_once(
    reminders: Reminders, worker: Start, sink: Sink
) -> None:
    people = [*addresses(20), "slow-1@example.com"]
    reminders.customers(people)
    first = worker(SMTP_URL=sink.url)
    reminders.plan()
    until(reminders.run_id)
    reminders.send_now()
    until(lambda: len(sink.taken()) == 20, what="all but the slow one")
    first.process.send_signal(signal.SIGSTOP)
    second = worker(SMTP_URL=sink.url)
    until(lambda: second.said("delivered"), what="the second worker gets the job")
    assert all(line["claimed"] == 0 for line in second.said("delivered"))
    first.process.send_signal(signal.SIGCONT)
    until(lambda: reminders.states().get("claimed") is None)
    assert Counter(entry["address"] for entry in sink.taken()) == Counter(people)


def test_3_sigterm_finishes_the_batch_in_hand(reminders: Reminders, worker: Start, sink: Sink) -> None:
    reminders.customers([*addresses(30), "slow-1@example.com"])
    process = worker(SMTP_URL=sink.url)
    reminders.plan()
    until(reminders.run_id)
    reminders.send_now()
    until(lambda: len(sink.taken()) == 30)
    assert process.stop() == 0
    assert reminders.states() == {"sent": 31}
    assert len(sink.taken()) == 31


def test_3_sigterm_puts_back_what_was_not_begun(reminders: Reminders, worker: Start, sink: Sink) -> None:
    """While the table is locked the job waits in its claim. After SIGTERM it claims nothing more, and the job stays."""
    reminders.customers(addresses(150))
    process = worker(SMTP_URL=f"{sink.url}?connections=1&rate=100")
    reminders.plan()
    until(reminders.run_id)
    reminders.send_now()
    until(lambda: len(sink.taken()) > 5)
    assert process.stop() == 0
    left = reminders.states()
    assert left.get("claimed") is None
    assert left["sent"] == len(sink.taken())
    worker(SMTP_URL=sink.url)
    until(lambda: reminders.states() == {"sent": 150}, what=f"the rest of {left}")
    assert len(sink.taken()) == 150


def test_4_two_processes_run_the_schedule_and_one_plan_comes_of_it(
    reminders: Reminders, worker: Start, db: Connection
) -> None:
    reminders.customers(addresses(5))
    for entrypoint, expression in (("plan_daily", "0 1 * * *"),):
        db.execute(
            "insert into queue.pgqueuer_schedules (expression, entrypoint, next_run)"
            " values (%s, %s, now() - interval '1 second')",
            [expression, entrypoint],
        )
    both = [worker("--schedules", wait=False) for _ in range(2)]
    for process in both:
        process.ready()
    until(reminders.run_id, what="the daily plan")
    until(lambda: any(process.said("planned_day") for process in both))
    assert db.execute("select trigger_key from smartengage.run").fetchall() == [("daily 2026-11-23",)]
    row = db.execute("select next_run from queue.pgqueuer_schedules where entrypoint = 'plan_daily'").fetchone()
    assert row is not None
    assert (row[0].hour, row[0].minute) == (1, 0)


def test_9_an_answer_lost_after_hand_over_is_in_doubt_and_settled_by_receipt(
    reminders: Reminders, worker: Start, sink: Sink, db: Connection
) -> None:
    reminders.customers(["cut-1@example.com", *addresses(4)])
    worker(SMTP_URL=sink.url)
    reminders.plan()
    until(reminders.run_id)
    reminders.send_now()
    until(lambda: reminders.states() == {"sent": 4, "in_doubt": 1})
    # Further wake-ups do not send it again: it may have arrived, as it has here.
    for _ in range(3):
        reminders.send_now()
        until(reminders.queue_is_empty)
    assert [entry["address"] for entry in sink.taken()].count("cut-1@example.com") == 1
    assert reminders.identity_holds()
    (message_id,) = db.execute("select message_id from outreach.message where state = 'in_doubt'").fetchone() or ("",)
    db.execute(
        "select jobs.record_receipts('smtp', jsonb_build_array(jsonb_build_object('message_id', %s::text, 'kind',"
        " 'delivered', 'happened_at', clock.now(), 'source_event_id', 'dsn-1', 'is_machine', false, 'detail', '{}')))",
        [str(message_id)],
    )
    assert reminders.states() == {"sent": 4, "delivered": 1}
    assert reminders.identity_holds()


def test_scenario_13_what_tripped_the_breaker_is_tried_again(
    reminders: Reminders, worker: Start, tmp_path: Path
) -> None:
    """The provider is away from the start: nothing is lost, nothing is sent twice."""
    from tests.doubles.process import smtp_sink

    people = addresses(40)
    reminders.customers(people)
    with smtp_sink(tmp_path / "one") as sink:
        port, url = sink.port, sink.url
    process = worker(SMTP_URL=url)
    reminders.plan()
    until(reminders.run_id)
    reminders.send_now()
    until(lambda: any(line.get("retry") for line in process.said("delivered")), what="refused connections")
    assert reminders.states() == {"scheduled": 40}
    with smtp_sink(tmp_path / "two", "--port", str(port)) as sink:

        def all_sent() -> bool:
            reminders.send_now()
            return reminders.states() == {"sent": 40}

        until(all_sent, seconds=90, what="back again")
        assert Counter(entry["address"] for entry in sink.taken()) == Counter(people)


@pytest.mark.slow
def test_scenario_11_the_provider_closes_mid_run_and_after_pause_and_resume_it_continues(
    reminders: Reminders, worker: Start, db: Connection, tmp_path: Path
) -> None:
    from tests.doubles.process import smtp_sink

    people = addresses(120)
    reminders.customers(people)
    move = "select smartengage.set_campaign_status(%s, %s, 'someone', 'the provider is away')"
    with smtp_sink(tmp_path / "one") as sink:
        port = sink.port
        process = worker(SMTP_URL=f"{sink.url}?connections=1&rate=50")
        reminders.plan()
        until(reminders.run_id, what="plan")
        reminders.send_now()
        until(lambda: len(sink.taken()) > 10, what="under way")
    first = [entry["address"] for entry in sink.taken()]
    assert len(first) < 120
    until(lambda: any(line.get("retry") for line in process.said("delivered")), what="refused connections")
    db.execute(move, [reminders.campaign_id, "paused"])
    until(lambda: reminders.states().get("claimed") is None, what="the batches in hand")
    before = reminders.states()
    with smtp_sink(tmp_path / "two", "--port", str(port)) as sink:
        reminders.send_now()
        # A paused campaign stays paused although the provider is back, as the delivery of another message shows.
        other = addressed_elsewhere(db, reminders)

        def other_went() -> bool:
            reminders.send_now()
            return db.execute("select state from outreach.message where message_id = %s", [other]).fetchone() == (
                "sent",
            )

        until(other_went, seconds=90, what="the provider is back")
        assert [entry["address"] for entry in sink.taken()] == ["elsewhere@example.com"]
        assert reminders.states() == before | {"sent": before.get("sent", 0) + 1}
        db.execute(move, [reminders.campaign_id, "running"])
        doubtful = before.get("in_doubt", 0)

        def all_went() -> bool:
            reminders.send_now()
            return reminders.states().get("sent") == 121 - doubtful

        until(all_went, seconds=90, what="all the others")
        second = [entry["address"] for entry in sink.taken()]
    # One connection, so at most one answer was lost; that message is not sent again.
    assert doubtful <= 1
    assert max(Counter(first + second).values()) == 1
    assert len(first + second) >= 121 - doubtful
    assert reminders.identity_holds()


def addressed_elsewhere(db: Connection, reminders: Reminders) -> Any:
    """A message without a campaign, due now."""
    user = person(db, email="elsewhere@example.com", consents=("email",))
    text = db.execute("select template_id from outreach.message limit 1").fetchone()
    assert text is not None
    now = db.execute("select clock.now()").fetchone()
    assert now is not None
    return message(db, user, due=now[0], service_id=reminders.service_id, template_id=text[0])


def test_14_one_bad_recipient_in_a_thousand(reminders: Reminders, worker: Start, sink: Sink, db: Connection) -> None:
    reminders.customers([*addresses(999), "nobody-1@example.com"])
    worker(SMTP_URL=sink.url)
    reminders.plan()
    until(reminders.run_id)
    reminders.send_now()
    until(lambda: reminders.states() == {"sent": 999, "failed": 1}, seconds=60)
    assert Counter(entry["address"] for entry in sink.taken()) == Counter(addresses(999))
    # Nothing is sent again to the address that does not exist.
    assert db.execute("select suppressed_reason from account.contact where suppressed_at is not null").fetchall() == [
        ("refused",)
    ]
    assert reminders.identity_holds()


def test_a_greylisted_message_goes_on_a_later_try(
    reminders: Reminders, worker: Start, sink: Sink, db: Connection
) -> None:
    reminders.customers(["once-1@example.com", "greylist-1@example.com"])
    worker(SMTP_URL=sink.url)
    reminders.plan()
    until(reminders.run_id)

    def first_is_sent() -> bool:
        reminders.send_now()
        return reminders.states() == {"sent": 1, "scheduled": 1}

    until(first_is_sent)
    assert [entry["address"] for entry in sink.taken()] == ["once-1@example.com"]
    row = db.execute(
        "select state, attempt, error from outreach.delivery d join account.contact c using (user_id)"
        " where address = 'once-1@example.com' and c.channel = 'email' order by attempt"
    ).fetchall()
    assert row == [("released", 1, "smtp_rcpt 451 4.7.1"), ("accepted", 2, "smtp_rcpt 451 4.7.1")] or row == [
        ("released", 1, "smtp_rcpt 451 4.7.1"),
        ("accepted", 2, None),
    ]


def test_messages_in_the_app_need_nothing_outside(reminders: Reminders, worker: Start, db: Connection) -> None:
    db.execute("update smartengage.campaign set channels = '{in_app}'")
    reminders.customers(addresses(10))
    worker()
    reminders.plan()
    until(reminders.run_id)
    reminders.send_now()
    until(lambda: reminders.states() == {"sent": 10})
    assert db.execute("select count(*) from outreach.inbox_message").fetchone() == (10,)


@pytest.mark.parametrize(
    ("adapter", "arrived", "states"),
    [("mailbox", True, {"sent": 1}), ("mailbox", False, {"scheduled": 1}), ("smtp", False, {"in_doubt": 1})],
)
def test_the_mailbox_settles_by_itself_what_was_in_doubt(
    reminders: Reminders,
    worker: Start,
    db: Connection,
    tmp_path: Path,
    adapter: str,
    arrived: bool,
    states: dict[str, int],
) -> None:
    """After a worker died: a message whose file exists was sent, another is sent again.

    Messages in doubt of another adapter are not touched."""
    reminders.customers(addresses(1))
    db.execute("select jobs.plan_campaign(%s, 'x')", [reminders.campaign_id])
    db.execute("update outreach.message set due_at = clock.now()")
    claimed = db.execute("select jobs.claim_messages('email', 10, 'http://127.0.0.1:8000', %s)", [adapter])
    (batch,) = claimed.fetchone() or ({},)
    (message,) = batch["messages"]
    db.execute("update outreach.message set state = 'in_doubt'")
    db.execute("update outreach.delivery set state = 'in_doubt'")
    if arrived:
        new = tmp_path / "mailbox" / "new"
        new.mkdir(parents=True)
        (new / f"{message['message_id']}.{message['attempt']}.eml").write_text("arrived")
    process = worker()
    db.execute("select queue.enqueue('settle', '{\"channel\": \"email\"}')")
    until(lambda: not db.execute("select from queue.pgqueuer where entrypoint = 'settle'").fetchall())
    assert bool(process.said("settled")) == (adapter == "mailbox")
    assert reminders.states() == states
