"""Links in messages: opening changes nothing, pressing changes once, and for how long they work."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import Connection

from tests.conftest import Clock
from tests.marketplace import add_on, person, service
from tests.outbox import (
    DAY,
    HOUR,
    MICRO,
    NOW,
    URL,
    claim,
    message,
    reader,
    record_outcome,
    row,
    rows,
    run_concurrently,
    sent_by_hand,
    state,
    value,
    wait_until_blocked,
)

Connect = Callable[..., Connection[Any]]
PHONE = "Mozilla/5.0 (Linux; Android 14) Chrome/130 Mobile"


def letter(db: Connection[Any], user: UUID | None = None, **columns: Any) -> tuple[UUID, str]:
    """A message that was sent at NOW, and its link key."""
    message_id = message(db, user or reader(db), **columns)
    (given,) = [m for m in claim(db)["messages"] if m["message_id"] == str(message_id)]
    record_outcome(db, message_id, "accepted", NOW)
    return message_id, given["link"].removeprefix(f"{URL}/l/")


def whole_database(db: Connection[Any]) -> list[dict[str, Any]]:
    """Every row of every table that a link could touch."""
    tables = rows(
        db, "select schemaname || '.' || tablename as name from pg_tables where schemaname in"
        " ('policy', 'queue', 'edge', 'account', 'market', 'text', 'outreach', 'prediction', 'smartengage') order by 1",
    )  # fmt: skip
    return [
        row(db, f"select '{t['name']}' as name, count(*) as n, md5(string_agg(x::text, '' order by x::text)) as sum"
            f" from {t['name']} x")
        for t in tables
    ]  # fmt: skip


def test_scenario_33_opening_every_link_changes_nothing(db: Connection[Any], connect: Connect, clock: Clock) -> None:
    user = reader(db)
    _, token = letter(db, user, service_id=(home := service(db)), add_on_ids=[add_on(db, home)])
    scanner = connect(role="shokti_app", autocommit=False)
    before = whole_database(db)
    for _ in range(3):
        seen = value(scanner, "select api.link(%s)", token)
        stop = value(scanner, "select api.stop_page(%s)", token)
    # Not even a transaction id was assigned, so nothing was written.
    assert value(scanner, "select pg_current_xact_id_if_assigned()::text") is None
    scanner.commit()
    assert whole_database(db) == before
    assert (seen["status"], seen["booking"], stop["active"]) == ("open", None, True)
    assert (stop["channel"], stop["purpose"]) == ("email", "outreach")


def test_scenario_33_a_read_only_connection_suffices_to_open(
    db: Connection[Any], connect: Connect, clock: Clock
) -> None:
    _, token = letter(db)
    looking = connect(role="shokti_app")
    looking.execute("set default_transaction_read_only = on")
    assert value(looking, "select api.link(%s)", token)["status"] == "open"
    assert value(looking, "select api.stop_page(%s)", token)["active"]
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        value(looking, "select api.stop(%s)", token)


def test_what_a_link_shows(db: Connection[Any], clock: Clock) -> None:
    user = reader(db, full_name="রহিমা খাতুন", address_form="apa")
    home = service(db, price_poisha=150_000)
    fridge, oven = add_on(db, home, code="a"), add_on(db, home, code="b")
    _, token = letter(
        db, user, service_id=home, add_on_ids=[fridge], suggested_at=NOW + 3 * DAY, useful_until=NOW + 2 * DAY
    )
    seen = value(db, "select api.link(%s)", token)
    assert (seen["status"], seen["language"], seen["price_poisha"]) == ("open", "bn", 180_000)
    assert "রহিমা" in seen["greeting"]
    assert {a["add_on_id"]: a["suggested"] for a in seen["add_ons"]} == {str(fridge): True, str(oven): False}
    assert seen["suggested_at"].startswith("2026-11-26T04:00:00")
    assert seen["book_until"].startswith("2026-11-28T04:00:00")
    # A suggested time in the past moves to the next day.
    clock.set(NOW + 4 * DAY + HOUR / 4)
    assert value(db, "select api.link(%s)", token)["suggested_at"].startswith("2026-11-28T04:00:00")


@pytest.mark.parametrize("token", ["", "x", "A" * 22, "../../etc", "' or true --", "\u0985", None])
def test_unknown_link_key_is_not_found_without_a_reason(db: Connection[Any], token: str | None) -> None:
    letter(db)
    for call in ("api.link(%s)", "api.stop_page(%s)", "api.stop(%s)", "api.book_link(%s)", "api.click_link(%s, 'x')"):
        with pytest.raises(psycopg.Error) as refusal:
            db.execute(f"select {call}", [token])
        assert refusal.value.sqlstate == "SH404"
        assert token is None or len(token) < 3 or token not in str(refusal.value)


@pytest.mark.parametrize(("late", "open_"), [(0 * MICRO, True), (MICRO, False)])
def test_link_books_until_three_days_after_useful_until(
    db: Connection[Any], clock: Clock, late: Any, open_: bool
) -> None:
    _, token = letter(db, useful_until=NOW + 2 * DAY)
    clock.set(NOW + 5 * DAY + late)
    for call in ("select api.link(%s)", "select api.book_link(%s)"):
        if open_:
            assert value(db, call, token)
        else:
            with pytest.raises(psycopg.Error) as refusal:
                value(db, call, token)
            assert refusal.value.sqlstate == "SH410"


def test_used_link_shows_its_booking_from_then_on(db: Connection[Any], clock: Clock) -> None:
    message_id, token = letter(db)
    clock.advance(hours=1)
    made = value(db, "select api.book_link(%s)", token)
    clock.advance(days=400)
    seen = value(db, "select api.link(%s)", token)
    assert (seen["status"], seen["booking"]["booking_id"]) == ("booked", made["booking_id"])
    assert value(db, "select api.book_link(%s)", token) == made
    assert value(db, "select count(*) from market.booking") == 1
    assert state(db, message_id)["state"] == "booked"


def test_booking_uses_the_suggestion_by_default(db: Connection[Any], clock: Clock) -> None:
    home = service(db)
    fridge, oven = add_on(db, home), add_on(db, home)
    usual: dict[str, Any] = {"service_id": home, "add_on_ids": [fridge], "suggested_at": NOW + 3 * DAY}
    for given, expected in [
        ((None, None), [fridge]),
        ((NOW + DAY, [oven]), [oven]),
        ((None, []), []),
    ]:
        _, token = letter(db, **usual)
        made = value(db, "select api.book_link(%s, %s, %s)", token, *given)
        assert made["add_on_ids"] == [str(a) for a in expected]
        at = value(db, "select scheduled_at from market.booking where booking_id = %s", made["booking_id"])
        assert at == (given[0] or NOW + 3 * DAY)
        assert made["status"] == "pending"


def test_a_wrong_booking_leaves_the_link_open(db: Connection[Any], clock: Clock) -> None:
    _, token = letter(db)
    for moment, add_ons in [(NOW - DAY, None), (NOW + 181 * DAY, None), (None, [service(db)])]:
        with pytest.raises(psycopg.Error) as refusal:
            value(db, "select api.book_link(%s, %s, %s)", token, moment, add_ons)
        assert refusal.value.sqlstate == "SH422"
    assert value(db, "select api.link(%s)", token)["status"] == "open"
    assert value(db, "select api.book_link(%s)", token)["booking_id"]


def test_suggested_add_on_that_is_no_longer_offered_is_left_out(db: Connection[Any], clock: Clock) -> None:
    home = service(db)
    fridge = add_on(db, home)
    _, token = letter(db, service_id=home, add_on_ids=[fridge])
    db.execute("update market.add_on set active = false")
    assert value(db, "select api.link(%s)", token)["add_ons"] == []
    assert value(db, "select api.book_link(%s)", token)["add_on_ids"] == []


def test_twenty_presses_at_once_book_once(db: Connection[Any], connect: Connect, clock: Clock) -> None:
    _, token = letter(db)
    answers: list[Any] = []
    start = threading.Barrier(20)

    def press(connection: Connection[Any]) -> None:
        start.wait()
        answers.append(value(connection, "select api.book_link(%s)", token))

    threads = [threading.Thread(target=press, args=[connect(role="shokti_app")]) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 20
    assert {a["booking_id"] for a in answers} == {answers[0]["booking_id"]}
    assert value(db, "select count(*) from market.booking") == 1
    assert value(db, "select count(*) from outreach.message_event where kind = 'booked'") == 1


def test_the_second_press_waits_for_the_first_and_finds_its_booking(
    db: Connection[Any], connect: Connect, clock: Clock
) -> None:
    _, token = letter(db)
    one, two = connect(role="shokti_app", autocommit=False), connect(role="shokti_app")
    first = value(one, "select api.book_link(%s)", token)
    with run_concurrently(lambda: value(two, "select api.book_link(%s)", token)) as second:
        wait_until_blocked(db, two.info.backend_pid)
        one.commit()
    assert second == [first]


def test_two_links_of_a_message_book_once(db: Connection[Any], clock: Clock) -> None:
    user = reader(db)
    message_id = message(db, user)
    first = claim(db)["messages"][0]["link"].removeprefix(f"{URL}/l/")
    record_outcome(db, message_id, "later", NOW)
    second = claim(db, NOW + HOUR)["messages"][0]["link"].removeprefix(f"{URL}/l/")
    assert first != second
    clock.advance(hours=2)
    assert value(db, "select api.book_link(%s)", first) == value(db, "select api.book_link(%s)", second)


def test_no_booking_for_an_erased_or_disabled_person(db: Connection[Any], clock: Clock) -> None:
    user = reader(db)
    _, token = letter(db, user)
    db.execute("update account.person set disabled_at = %s where user_id = %s", [NOW, user])
    with pytest.raises(psycopg.Error) as refusal:
        value(db, "select api.book_link(%s)", token)
    assert refusal.value.sqlstate == "SH410"


@pytest.mark.parametrize("years", [0, 1, 4])
def test_scenario_34_one_press_stops_without_sign_in_twice_and_years_later(
    db: Connection[Any], connect: Connect, clock: Clock, years: int
) -> None:
    user = reader(db)
    _, token = letter(db, user)
    waiting = message(db, user, due=NOW + (years * 365 + 20) * DAY)
    clock.set(NOW + years * 365 * DAY)
    edge = connect(role="shokti_app")
    told = {"language": "bn", "channel": "email", "purpose": "outreach", "withdrawn": True}
    assert value(edge, "select api.stop(%s)", token) == told
    then = rows(db, "select * from account.consent")
    clock.advance(days=1)
    assert value(edge, "select api.stop(%s)", token) == told
    assert rows(db, "select * from account.consent") == then
    assert (then[0]["withdrawn_source"], then[0]["withdrawn_actor"]) == ("link", str(user))
    assert not value(edge, "select api.stop_page(%s)", token)["active"]
    claim(db, NOW + (years * 365 + 20) * DAY)
    assert state(db, waiting)["reason"] == "no_consent"


def test_stop_link_stops_only_its_channel_and_purpose(db: Connection[Any], clock: Clock) -> None:
    user = reader(db, consents=("email", "sms"), phone=True)
    _, token = letter(db, user)
    value(db, "select api.stop(%s)", token)
    still = rows(db, "select channel from account.consent where upper_inf(valid_at)")
    assert still == [{"channel": "sms"}]


def test_stop_link_ends_after_its_years(db: Connection[Any], clock: Clock) -> None:
    _, token = letter(db)
    clock.set(NOW + 1826 * DAY)
    assert value(db, "select api.stop_page(%s)", token)["active"]
    clock.set(NOW + 1826 * DAY + MICRO)
    for call in ("select api.stop_page(%s)", "select api.stop(%s)"):
        with pytest.raises(psycopg.Error) as refusal:
            value(db, call, token)
        assert refusal.value.sqlstate == "SH410"


@pytest.mark.parametrize(
    ("seconds", "agent", "is_person"),
    [
        (5, PHONE, True),
        (4.999999, PHONE, False),
        (3600, "Googlebot/2.1", False),
        (3600, "python-requests/2", False),
        (3600, None, False),
        (3600, "", True),
    ],
)
def test_click_is_by_a_person_or_a_machine(
    db: Connection[Any], clock: Clock, seconds: float, agent: str | None, is_person: bool
) -> None:
    message_id, token = letter(db)
    clock.set(NOW + seconds * HOUR / 3600)
    assert value(db, "select api.click_link(%s, %s)", token, agent) == {"recorded": True}
    assert value(db, "select api.click_link(%s, %s)", token, agent) == {"recorded": False}
    assert state(db, message_id)["state"] == ("clicked" if is_person else "sent")
    # A machine's click before it does not replace the person's.
    clock.advance(hours=1)
    value(db, "select api.click_link(%s, %s)", token, PHONE)
    assert state(db, message_id)["state"] == "clicked"


def test_link_key_is_stored_only_as_a_hash(db: Connection[Any]) -> None:
    _, token = letter(db)
    kept = rows(db, "select row_to_json(l)::text as text from outreach.link l")
    kept += rows(db, "select row_to_json(d)::text as text from outreach.delivery d")
    assert all(token not in k["text"] for k in kept)
    assert len({value(db, "select outreach.new_link_key()") for _ in range(200)}) == 200


def test_transactional_messages_have_no_link(db: Connection[Any]) -> None:
    message(db, person(db), message_class="receipt", kind="receipt")
    assert claim(db)["claimed"] == 1
    assert value(db, "select count(*) from outreach.link") == 0
    sent_by_hand(db, reader(db), NOW - 30 * DAY)
