"""Races, each brought to its crossing by hand: one side holds the lock, the other is seen to wait, then both go on."""

from __future__ import annotations

import random
import threading
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import Connection

from tests.conftest import Clock
from tests.marketplace import booking, campaign, person, rhythm, service
from tests.outbox import (
    BARE_DELIVERY,
    DAY,
    HOUR,
    MICRO,
    NOW,
    URL,
    claim,
    delivery,
    message,
    new_cap,
    no_quiet_periods,
    reader,
    record_outcome,
    row,
    rows,
    run_concurrently,
    sent_by_hand,
    set_rule,
    state,
    value,
    wait_until_blocked,
    withdraw,
)

Connect = Callable[..., Connection[Any]]

LEVELS = ["read uncommitted", "read committed", "repeatable read", "serializable"]


def due_people(db: Connection[Any], number: int) -> list[UUID]:
    """People whose next visit is expected in two days."""
    home = service(db)
    users = [reader(db) for _ in range(number)]
    for user in users:
        rhythm(db, user, home, last=NOW - 26 * DAY, times=5)
    set_rule(db, "holdout.global_share", 0)
    return users


@pytest.mark.parametrize("same_trigger", [True, False], ids=["same trigger", "two triggers"])
def test_scenario_01_two_planners_and_two_claimers_in_the_same_second(
    db: Connection[Any], connect: Connect, same_trigger: bool
) -> None:
    users = due_people(db, 6)
    campaign_id = campaign(db)
    value(db, "select smartengage.refresh_snapshots(%s)", NOW)
    plan = "select smartengage.plan_reminder_run(%s, %s, %s)"
    planners = [connect(autocommit=False), connect()]
    claimers = [connect(autocommit=False), connect()]

    first = value(planners[0], plan, campaign_id, "one", NOW)
    with run_concurrently(
        lambda: value(planners[1], plan, campaign_id, "one" if same_trigger else "two", NOW)
    ) as second:
        wait_until_blocked(db, planners[1].info.backend_pid)
        assert claim(claimers[1], NOW + DAY)["claimed"] == 0
        planners[0].commit()
    assert (first["messages"], first["already"]) == (6, False)
    if same_trigger:
        assert second[0] == first | {"already": True}
    else:
        assert (second[0]["candidates"], second[0]["messages"], second[0]["refused"]) == (6, 0, 6)
        assert rows(db, "select distinct reason, rule from smartengage.candidate where outcome = 'refused'") == [
            {"reason": "already_reminded", "rule": "reminder.once"}
        ]

    taken = claim(claimers[0], NOW + DAY)
    assert claim(claimers[1], NOW + DAY)["claimed"] == 0
    claimers[0].commit()
    assert claim(claimers[1], NOW + DAY)["claimed"] == 0
    assert sorted(m["address"] for m in taken["messages"]) == sorted(
        value(db, "select address from account.contact where user_id = %s", user) for user in users
    )
    assert row(db, "select count(*) as n, count(distinct user_id) as people from outreach.delivery") == {
        "n": 6,
        "people": 6,
    }


def test_scenario_01_claimers_side_by_side_share_the_work_and_repeat_none(
    db: Connection[Any], connect: Connect
) -> None:
    waiting = {str(message(db, reader(db))) for _ in range(60)}
    claimed: list[str] = []

    def work(connection: Connection[Any]) -> None:
        while answer := claim(connection, limit=7)["messages"]:
            claimed.extend(m["message_id"] for m in answer)

    threads = [threading.Thread(target=work, args=[connect()]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # Somebody who found only messages in another's hands stopped early: they are there at the next wake-up.
    work(db)
    assert Counter(claimed) == Counter(waiting)


def test_scenario_02_a_second_claim_of_the_same_message_returns_nothing(db: Connection[Any]) -> None:
    message_id = message(db, reader(db))
    assert [m["message_id"] for m in claim(db)["messages"]] == [str(message_id)]
    for moment in (NOW, NOW + MICRO, NOW + 10 * DAY):
        assert claim(db, moment)["messages"] == []


def test_scenario_02_a_late_outcome_of_a_swept_claim_still_settles_it(db: Connection[Any]) -> None:
    message_id = message(db, reader(db))
    claim(db)
    assert value(db, "select outreach.sweep_stuck_messages(%s)", NOW + 301 * HOUR / 3600)["in_doubt"] == 1
    assert state(db, message_id)["state"] == "in_doubt"
    assert claim(db, NOW + HOUR)["messages"] == []
    assert record_outcome(db, message_id, "accepted", NOW + HOUR, provider_id="p-1") == {
        "accepted": 1, "failed": 0, "retry": 0, "in_doubt": 0
    }  # fmt: skip
    assert (state(db, message_id)["state"], delivery(db, message_id)["provider_id"]) == ("sent", "p-1")


def test_scenario_02_an_outcome_of_an_attempt_long_given_up_changes_nothing(db: Connection[Any]) -> None:
    """Released by a look-up and claimed again: the first worker's late words are about attempt 1, not 2."""
    message_id = message(db, reader(db))
    claim(db)
    value(db, "select outreach.sweep_stuck_messages(%s)", NOW + HOUR)
    value(
        db, "select outreach.settle_in_doubt(jsonb_build_array(jsonb_build_object('message_id', %s::text, 'attempt', 1,"
        " 'adapter', 'test', 'found', false)), %s)", str(message_id), NOW + HOUR,
    )  # fmt: skip
    assert claim(db, NOW + 2 * HOUR)["claimed"] == 1
    before = (state(db, message_id), delivery(db, message_id, 2))
    for outcome in ("accepted", "refused", "later", "unknown"):
        assert sum(record_outcome(db, message_id, outcome, NOW + 3 * HOUR, attempt=1).values()) == 0
    assert (state(db, message_id), delivery(db, message_id, 2)) == before


def test_scenario_04_two_processes_run_the_cron(db: Connection[Any], connect: Connect, clock: Clock) -> None:
    due_people(db, 3)
    campaign(db)
    one, two = connect(role="shokti_worker", autocommit=False), connect(role="shokti_worker")
    first = value(one, "select jobs.plan_daily()")
    with run_concurrently(lambda: value(two, "select jobs.plan_daily()")) as second:
        wait_until_blocked(db, two.info.backend_pid)
        one.commit()
    assert [run["already"] for run in first["runs"]] == [False]
    assert [run["already"] for run in second[0]["runs"]] == [True]
    assert value(db, "select count(*) from smartengage.run") == 1
    assert value(db, "select count(*) from outreach.message") == 3
    assert value(db, "select count(*) from queue.pgqueuer where entrypoint = 'compose'") == 1


CAPS = {"outreach_daily": (1, timedelta(hours=24)), "outreach_weekly": (2, timedelta(hours=168))}


def broken_windows(deliveries: list[tuple[UUID, datetime]], caps: dict[str, tuple[int, timedelta]] = CAPS) -> list[Any]:
    """A second opinion, in other words and another language: rolling windows that hold more than they may."""
    of_person: dict[UUID, list[datetime]] = defaultdict(list)
    for user_id, sent_at in deliveries:
        of_person[user_id].append(sent_at)
    return [
        (user_id, name, last)
        for user_id, instants in of_person.items()
        for name, (limit, window) in caps.items()
        for last in instants
        if sum(last - window < earlier <= last for earlier in instants) > limit
    ]


@pytest.mark.parametrize("isolation", LEVELS)
def test_scenario_05_32_writers_exceed_no_cap_at_any_isolation(
    db: Connection[Any], connect: Connect, isolation: str
) -> None:
    """Half of them claim, half insert by hand, at instants all over a fortnight and in no order."""
    users = [reader(db) for _ in range(200)]
    of_class = [message(db, user, due=NOW, useful_until=NOW + 60 * DAY) for user in users for _ in range(4)]
    tries: Counter[str] = Counter()

    def work(number: int, connection: Connection[Any]) -> None:
        dice = random.Random(number)
        for _ in range(8):
            moment = NOW + dice.randrange(14) * DAY + dice.randrange(10 * 3600) * HOUR / 3600
            try:
                connection.execute(f"set transaction isolation level {isolation}")
                if number % 2:
                    claim(connection, moment, limit=5)
                else:
                    for message_id in dice.sample(of_class, 3):
                        connection.execute(BARE_DELIVERY, [moment, message_id])
                connection.commit()
                tries["done"] += 1
            except psycopg.Error as refusal:
                connection.rollback()
                tries[str(refusal.sqlstate)] += 1

    threads = [threading.Thread(target=work, args=(n, connect(autocommit=False))) for n in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    deliveries = [
        (d["user_id"], d["sent_at"])
        for d in rows(db, "select user_id, sent_at from outreach.delivery where takes_slot and state <> 'released'")
    ]
    assert broken_windows(deliveries) == []
    # The race was one: many went out, many were refused by a cap, and nothing failed in another way.
    assert len(deliveries) > 60
    assert tries["done"] > 20
    assert set(tries) <= {"done", "SH429", "23P01", "23505", "40001", "40P01", "SH409"}, tries
    assert value(db, "select count(*) from outreach.cap_slot") == 2 * len(deliveries)


@pytest.mark.parametrize("isolation", LEVELS)
def test_scenario_05_a_snapshot_older_than_the_rival_does_not_help(
    db: Connection[Any], connect: Connect, isolation: str
) -> None:
    """The second writer took its snapshot before the first committed: it sees no sending, and must still fail."""
    user = reader(db)
    first, second = message(db, user), message(db, user)
    one, two = connect(autocommit=False), connect(autocommit=False)
    two.execute(f"set transaction isolation level {isolation}")
    assert value(two, "select count(*) from outreach.delivery") == 0
    one.execute(BARE_DELIVERY, [NOW, first])
    with run_concurrently(lambda: two.execute(BARE_DELIVERY, [NOW + HOUR, second])) as outcome:
        wait_until_blocked(db, two.info.backend_pid)
        one.commit()
    assert isinstance(outcome[0], psycopg.Error)
    # Where each statement has its own snapshot, the lock gives the right answer; else the constraint stops a wrong one.
    expected = {"SH429"} if "committed" in isolation else {"23P01", "40001"}
    assert outcome[0].sqlstate in expected
    two.rollback()


def test_scenario_05_two_writers_at_once_both_go_where_there_is_room_for_two(
    db: Connection[Any], connect: Connect
) -> None:
    db.execute("select policy.change_cap('outreach_daily', null, 24, 't', 't', %s)", [NOW - DAY])
    user = reader(db)
    first, second = message(db, user), message(db, user)
    one, two = connect(autocommit=False), connect()
    one.execute(BARE_DELIVERY, [NOW, first])
    with run_concurrently(lambda: two.execute(BARE_DELIVERY, [NOW, second])) as outcome:
        wait_until_blocked(db, two.info.backend_pid)
        one.commit()
    assert not isinstance(outcome[0], Exception)
    assert sorted(s["slot_no"] for s in rows(db, "select slot_no from outreach.cap_slot")) == [1, 2]


@pytest.mark.parametrize("isolation", LEVELS)
def test_scenario_05_a_snapshot_older_than_a_tightened_cap_does_not_help(
    db: Connection[Any], connect: Connect, isolation: str
) -> None:
    user = reader(db)
    db.execute("select policy.change_cap('outreach_daily', null, 24, 't', 't', %s)", [NOW - DAY])
    sent_by_hand(db, user, NOW - HOUR)
    second = message(db, user)
    two = connect(autocommit=False)
    two.execute(f"set transaction isolation level {isolation}")
    assert value(two, "select count(*) from outreach.delivery") == 1
    db.execute("select policy.change_cap('outreach_weekly', 1, 168, 't', 't', %s)", [NOW - HOUR / 60])
    with pytest.raises(psycopg.Error) as refusal:
        two.execute(BARE_DELIVERY, [NOW, second])
    assert refusal.value.sqlstate in ("SH429", "23P01", "40001")
    two.rollback()


@pytest.mark.parametrize("isolation", LEVELS)
def test_scenario_05_a_snapshot_older_than_a_wholly_new_cap_does_not_help(
    db: Connection[Any], connect: Connect, isolation: str
) -> None:
    user = reader(db)
    db.execute("select policy.change_cap('outreach_daily', null, 24, 't', 't', %s)", [NOW - DAY])
    sent_by_hand(db, user, NOW - HOUR)
    second = message(db, user)
    two = connect(autocommit=False)
    two.execute(f"set transaction isolation level {isolation}")
    assert value(two, "select count(*) from outreach.delivery") == 1
    new_cap(db, "outreach_fortnightly", 1, 336, since=NOW - HOUR / 60)
    with pytest.raises(psycopg.Error) as refusal:
        two.execute(BARE_DELIVERY, [NOW, second])
    assert refusal.value.sqlstate == ("SH429" if "committed" in isolation else "40001")
    two.rollback()


def test_scenario_05_a_cap_that_another_transaction_is_making_waits_for_an_old_snapshot(
    db: Connection[Any], connect: Connect
) -> None:
    """The other crossing: the writer was first. Its sending is before the cap, which counts it."""
    user = reader(db)
    first, second = message(db, user), message(db, user)
    one, two = connect(autocommit=False), connect()
    one.execute("set transaction isolation level repeatable read")
    one.execute(BARE_DELIVERY, [NOW, first])
    with run_concurrently(lambda: new_cap(two, "outreach_fortnightly", 1, 336)) as outcome:
        wait_until_blocked(db, two.info.backend_pid)
        one.commit()
    assert outcome == [None]
    with pytest.raises(psycopg.Error, match="cap is used up"):
        db.execute(BARE_DELIVERY, [NOW + 300 * HOUR, second])


def test_scenario_06_an_opt_out_committed_before_the_claim_wins(db: Connection[Any]) -> None:
    user = reader(db)
    message_id = message(db, user)
    early = row(db, "select * from outreach.rendered_message(%s, 'l', 'u')", message_id)
    assert early["body"]
    withdraw(db, user, NOW - MICRO)
    assert claim(db)["refused"] == 1
    now = state(db, message_id)
    assert (now["state"], now["reason"], now["rule"], now["rule_version"]) == ("refused", "no_consent", "consent", 1)
    assert value(db, "select count(*) from outreach.delivery") == 0


def test_scenario_06_an_opt_out_in_the_same_microsecond_wins(db: Connection[Any]) -> None:
    user = reader(db)
    message(db, user)
    withdraw(db, user, NOW)
    assert claim(db)["refused"] == 1


def test_scenario_06_a_claim_does_not_pass_an_opt_out_under_way(db: Connection[Any], connect: Connect) -> None:
    user, other = reader(db), reader(db)
    message_id, free = message(db, user), message(db, other)
    stopping = connect(autocommit=False)
    withdraw(stopping, user)
    answer = claim(db)
    assert [m["message_id"] for m in answer["messages"]] == [str(free)]
    assert state(db, message_id)["state"] == "scheduled"
    stopping.commit()
    assert claim(db)["refused"] == 1


def test_scenario_06_a_claim_begun_before_the_opt_out_but_deciding_after_it_sends_nothing(
    db: Connection[Any], connect: Connect
) -> None:
    """The claim's instant is the start of its transaction; the opt-out is committed between that and its decision."""
    user = reader(db)
    message_id = message(db, user)
    no_quiet_periods(db)
    slow = connect(autocommit=False)
    begun = value(slow, "select now()")
    db.execute(
        "update outreach.message set due_at = %s - interval '1 hour', useful_until = %s + interval '1 day'"
        " where message_id = %s",
        [begun, begun, message_id],
    )
    assert value(db, "select account.withdraw_consent(%s, 'email', 'outreach', clock.now(), 'link', 'self')", user)
    answer = value(slow, "select jobs.claim_messages('email', 10, %s)", URL)
    slow.commit()
    assert (answer["claimed"], answer["refused"]) == (0, 1)
    assert state(db, message_id)["reason"] == "no_consent"


def test_scenario_06_an_opt_out_that_waits_for_a_claim_closes_after_the_sending(
    db: Connection[Any], connect: Connect
) -> None:
    user = reader(db)
    message_id = message(db, user)
    claiming, stopping = connect(autocommit=False), connect()
    assert claim(claiming)["claimed"] == 1
    with run_concurrently(lambda: withdraw(stopping, user, NOW - MICRO)) as outcome:
        wait_until_blocked(db, stopping.info.backend_pid)
        claiming.commit()
    assert outcome == [True]
    assert state(db, message_id)["state"] == "claimed"
    message(db, user, due=NOW + 8 * DAY)
    assert claim(db, NOW + 8 * DAY)["refused"] == 1


BOOK = "select market.create_booking(%s, %s, %s, '{}', 'app', %s)"


def test_scenario_07_a_booking_made_before_the_claim_cancels_the_reminder(db: Connection[Any]) -> None:
    home, other = service(db), service(db)
    user = reader(db)
    message_id = message(db, user, service_id=home)
    value(db, BOOK, user, other, NOW + DAY, NOW)
    untouched = message(db, reader(db), service_id=home)
    value(db, BOOK, user, home, NOW + DAY, NOW - MICRO)
    answer = claim(db)
    assert [m["message_id"] for m in answer["messages"]] == [str(untouched)]
    assert (state(db, message_id)["reason"], state(db, message_id)["rule"]) == ("booked", "booked")


def test_scenario_07_a_booking_of_another_service_cancels_nothing(db: Connection[Any]) -> None:
    home, other = service(db), service(db)
    user = reader(db)
    message(db, user, service_id=home)
    value(db, BOOK, user, other, NOW + DAY, NOW - MICRO)
    assert claim(db)["claimed"] == 1


@pytest.mark.parametrize(
    ("status", "completed_after_planning", "goes"),
    [
        ("pending", None, False),
        ("confirmed", None, False),
        ("in_progress", None, False),
        ("completed", True, False),
        ("completed", False, True),
        ("cancelled", None, True),
    ],
)
def test_scenario_07_what_became_of_the_booking_decides(
    db: Connection[Any], status: str, completed_after_planning: bool | None, goes: bool
) -> None:
    home = service(db)
    user = reader(db)
    message(db, user, service_id=home)
    # Booked days before planning, done before or after it.
    when = NOW - 2 * HOUR if completed_after_planning else NOW - 20 * HOUR
    booking(db, user, home, scheduled_at=when, status=status, created_at=NOW - 5 * DAY)
    assert claim(db)["claimed"] == int(goes)


def test_scenario_07_a_claim_does_not_pass_a_booking_under_way(db: Connection[Any], connect: Connect) -> None:
    home = service(db)
    user = reader(db)
    message_id = message(db, user, service_id=home)
    booking_now = connect(autocommit=False)
    value(booking_now, "select account.lock_person(%s)", user)
    value(booking_now, BOOK, user, home, NOW + DAY, NOW)
    assert claim(db)["claimed"] == 0
    assert state(db, message_id)["state"] == "scheduled"
    booking_now.commit()
    assert claim(db)["refused"] == 1
    assert state(db, message_id)["reason"] == "booked"


def test_a_deadlock_of_two_claims_and_an_outcome_is_not_to_be_had(db: Connection[Any], connect: Connect) -> None:
    """A claim holds messages and only tries for people: whoever holds a person and wants a message just waits."""
    user = person(db, consents=("email",))
    message_id = message(db, user)
    booking_now, claiming = connect(autocommit=False), connect(autocommit=False)
    value(booking_now, "select account.lock_person(%s)", user)
    assert claim(claiming)["claimed"] == 0
    with run_concurrently(
        lambda: booking_now.execute("select 1 from outreach.message where message_id = %s for update", [message_id])
    ) as outcome:
        wait_until_blocked(db, booking_now.info.backend_pid)
        claiming.commit()
    assert not isinstance(outcome[0], Exception)
    booking_now.commit()
    assert claim(db)["claimed"] == 1
