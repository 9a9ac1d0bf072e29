"""The tables' owner at psql tries every way around consent and caps, and can tell which consent allowed what."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import Connection

from tests.marketplace import consent, person
from tests.outbox import (
    BARE_DELIVERY,
    DAY,
    HOUR,
    MICRO,
    NOW,
    claim,
    deliver,
    message,
    reader,
    record_outcome,
    row,
    rows,
    sent,
    sent_by_hand,
    set_cap,
    state,
    value,
    withdraw,
)

INSERT = """
    insert into outreach.delivery
      (message_id, attempt, user_id, channel, purpose, takes_slot, sent_at, consent_channel, consent_purpose, state)
    select m.message_id, %(attempt)s, {user}, {channel}, {purpose}, {takes_slot}, %(at)s,
           {consent_channel}, {consent_purpose}, {state}
    from outreach.message m where m.message_id = %(message)s
"""
HONEST = {
    "user": "m.user_id", "channel": "m.channel", "purpose": "m.purpose", "takes_slot": "m.takes_slot",
    "consent_channel": "m.channel", "consent_purpose": "m.purpose", "state": "'claimed'",
}  # fmt: skip


def write(db: Connection[Any], message_id: UUID, at: Any = NOW, attempt: int = 1, **dodge: Any) -> None:
    db.execute(INSERT.format(**(HONEST | dodge)), {"message": message_id, "at": at, "attempt": attempt})


def test_scenario_37_an_honest_row_is_taken(db: Connection[Any]) -> None:
    write(db, message(db, reader(db)))


@pytest.mark.parametrize(
    ("dodge", "constraint"),
    [
        ({"consent_channel": "null", "consent_purpose": "null"}, "delivery_names_consent"),
        ({"consent_channel": "null"}, "delivery_names_consent"),
        ({"consent_purpose": "null"}, "delivery_names_consent"),
        ({"consent_channel": "'push'"}, "delivery_names_consent"),
        ({"consent_purpose": "'coaching'"}, "delivery_names_consent"),
        (
            {"purpose": "'transactional'", "consent_channel": "null", "consent_purpose": "null"},
            "delivery_is_of_message",
        ),
        ({"purpose": "'coaching'", "consent_purpose": "'coaching'"}, "delivery_is_of_message"),
        ({"channel": "'push'", "consent_channel": "'push'"}, "delivery_is_of_message"),
        ({"takes_slot": "false"}, "delivery_is_of_message"),
        ({"user": "(select user_id from account.person where full_name = 'willing')"}, "delivery_is_of_message"),
    ],
    ids=lambda case: "-".join(case) if isinstance(case, dict) else "",
)
def test_scenario_37_a_sending_cannot_be_mislabelled(
    db: Connection[Any], dodge: dict[str, Any], constraint: str
) -> None:
    """Each lie on its own: the person does consent to e-mail and push, for outreach and coaching."""
    user = reader(db, consents=("email", "push"))
    consent(db, user, "email", "coaching")
    willing = reader(db, full_name="willing")
    assert willing
    with pytest.raises(psycopg.Error) as refusal:
        write(db, message(db, user), **dodge)
    assert refusal.value.diag.constraint_name == constraint


@pytest.mark.parametrize(
    ("since", "until", "allowed"),
    [
        (NOW, None, True),
        (NOW + MICRO, None, False),
        (NOW - DAY, NOW + MICRO, True),
        (NOW - DAY, NOW, False),
        (NOW - DAY, NOW - MICRO, False),
        (None, None, False),
    ],
    ids=["granted now", "granted after", "withdrawn after", "withdrawn now", "withdrawn before", "never"],
)
def test_scenario_37_no_sending_without_a_consent_that_covers_its_instant(
    db: Connection[Any], since: Any, until: Any, allowed: bool
) -> None:
    user = person(db)
    if since:
        consent(db, user, since=since, until=until)
    message_id = message(db, user)
    if allowed:
        write(db, message_id)
        return
    with pytest.raises(psycopg.errors.ForeignKeyViolation, match="delivery_has_consent"):
        write(db, message_id)


def test_scenario_37_no_sending_beyond_the_cap_even_of_another_attempt_or_state(db: Connection[Any]) -> None:
    user = reader(db)
    sent_by_hand(db, user, NOW)
    for attempt, told in [(1, "'accepted'"), (2, "'in_doubt'"), (7, "'bounced'"), (1, "'claimed'")]:
        with pytest.raises(psycopg.Error) as refusal:
            write(db, message(db, user), NOW + HOUR, attempt, state=told)
        assert refusal.value.diag.constraint_name == "delivery_takes_slots"


def test_scenario_37_one_message_has_one_live_sending(db: Connection[Any]) -> None:
    user = reader(db)
    set_cap(db, "outreach_daily", 9, 24)
    set_cap(db, "outreach_weekly", 9, 168)
    message_id = sent_by_hand(db, user, NOW)
    with pytest.raises(psycopg.errors.UniqueViolation, match="delivery_live_once_idx"):
        write(db, message_id, attempt=2)
    # A sending written as released neither counts nor comes to life.
    other = message(db, user)
    write(db, other, state="'released'")
    for life in ("claimed", "accepted", "in_doubt", "bounced"):
        with pytest.raises(psycopg.Error) as refusal:
            db.execute("update outreach.delivery set state = %s where message_id = %s", [life, other])
        assert refusal.value.sqlstate == "SH409"


@pytest.mark.parametrize(
    "tampering",
    [
        # Consent: shortened under a sending, moved, deleted, relabelled, handed to somebody else, reopened.
        "update account.consent set valid_at = tstzrange(lower(valid_at), '2026-11-23T10:00+06'),"
        " withdrawn_source = 'x'",
        "update account.consent set valid_at = tstzrange(lower(valid_at) + interval '1 day', null)",
        "update account.consent set valid_at = tstzrange(lower(valid_at) - interval '1 day', null)",
        "delete from account.consent",
        "truncate account.consent cascade",
        "update account.consent set channel = 'sms'",
        "update account.consent set purpose = 'coaching'",
        "update account.consent set user_id = (select user_id from account.person where full_name = 'else')",
        "update account.consent set wording_version = '2'",
        "update account.consent set source = 'paper'",
        "update account.consent set actor = 'somebody'",
        # Slots: given up, moved, deleted.
        "delete from outreach.cap_slot",
        "truncate outreach.cap_slot",
        "update outreach.cap_slot set slot_no = slot_no + 1",
        "update outreach.cap_slot set taken_at = taken_at - interval '9 days', frees_at = frees_at - interval '9 days'",
        "update outreach.cap_slot set user_id = (select user_id from account.person where full_name = 'else')",
        # Deliveries: deleted, moved in time, relabelled, given to another, taken back.
        "delete from outreach.delivery",
        "truncate outreach.delivery cascade",
        "update outreach.delivery set sent_at = sent_at - interval '9 days'",
        "update outreach.delivery set takes_slot = false",
        "update outreach.delivery set purpose = 'transactional', consent_channel = null, consent_purpose = null",
        "update outreach.delivery set consent_channel = null, consent_purpose = null",
        "update outreach.delivery set user_id = (select user_id from account.person where full_name = 'else')",
        "update outreach.delivery set state = 'released'",
        "update outreach.delivery set state = 'claimed'",
        # Messages and people under a sending.
        "delete from outreach.message",
        "update outreach.message set purpose = 'transactional', message_class = 'receipt', obeys_caps ="
        " false, takes_slot = false",
        "update outreach.message set state = 'scheduled'",
        "delete from account.person where full_name <> 'else'",
        # Rules: the past is not rewritten.
        "update policy.cap set max_messages = 9",
        "update policy.cap set window_hours = 1",
        "delete from policy.cap",
        "truncate policy.cap cascade",
        "update policy.rule set value = '0' where rule = 'claim.lease'",
        "delete from policy.rule",
        "truncate policy.rule",
        "delete from policy.audit",
        "update policy.audit set actor = 'nobody'",
        "truncate policy.audit",
    ],
)
def test_scenario_37_what_allowed_a_sending_cannot_be_tampered_with(db: Connection[Any], tampering: str) -> None:
    user = reader(db)
    reader(db, full_name="else", consents=())
    message_id = message(db, user)
    claim(db)
    record_outcome(db, message_id, "accepted")
    before = everything(db)
    with pytest.raises((psycopg.errors.IntegrityError, psycopg.errors.ProgrammingError, psycopg.DatabaseError)):
        db.execute(tampering)
    assert everything(db) == before


def everything(db: Connection[Any]) -> list[dict[str, Any]]:
    return [
        r
        for table in ("account.consent", "outreach.cap_slot", "outreach.delivery", "policy.cap", "policy.rule")
        for r in rows(db, f"select '{table}' as of_table, to_jsonb(t) as row from {table} t order by t::text")
    ]


@pytest.mark.parametrize("isolation", ["read committed", "repeatable read", "serializable"])
def test_scenario_37_holds_in_a_transaction_that_hides_the_order(
    db: Connection[Any], connect: Callable[..., Connection[Any]], isolation: str
) -> None:
    """Sending and withdrawal in one transaction, in both orders."""
    user = reader(db)
    message_id = message(db, user)
    other = connect(autocommit=False)
    other.execute(f"set transaction isolation level {isolation}")
    other.execute(BARE_DELIVERY, [NOW, message_id])
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        other.execute(
            "update account.consent set valid_at = tstzrange(lower(valid_at), %s), withdrawn_source = 'x'"
            " where user_id = %s",
            [NOW, user],
        )
    other.rollback()
    other.execute(f"set transaction isolation level {isolation}")
    withdraw(other, user, NOW)
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        other.execute(BARE_DELIVERY, [NOW, message_id])
    other.rollback()


def test_scenario_37_a_sending_written_by_hand_does_not_stop_the_claims_of_others(db: Connection[Any]) -> None:
    written, other = reader(db), reader(db)
    set_cap(db, "outreach_daily", None, 24)
    by_hand, waiting = message(db, written), message(db, other)
    deliver(db, by_hand, NOW - HOUR)
    answer = claim(db)
    assert (answer["claimed"], answer["refused"]) == (1, 1)
    assert state(db, waiting)["state"] == "claimed"
    assert (state(db, by_hand)["state"], state(db, by_hand)["rule"]) == ("refused", "reminder.once")


def test_scenario_36_which_consent_allowed_a_past_send(db: Connection[Any]) -> None:
    """Granted, withdrawn, granted anew by another wording: each sending points at the one in force then."""
    user = person(db)
    set_cap(db, "outreach_daily", None, 24)
    set_cap(db, "outreach_weekly", None, 168)

    def grant(moment: Any, source: str, wording: str) -> bool:
        done: bool = value(
            db, "select account.grant_consent(%s, 'email', 'outreach', %s, %s, %s, %s)",
            user, moment, source, wording, str(user),
        )  # fmt: skip
        return done

    assert grant(NOW - 20 * DAY, "app", "v1")
    first = sent(db, user, NOW - 10 * DAY)
    assert withdraw(db, user, NOW - 5 * DAY)
    assert grant(NOW - 2 * DAY, "paper", "v2")
    second = sent(db, user, NOW)
    assert withdraw(db, user, NOW + DAY)

    answer = rows(
        db,
        "select message_id, source, wording_version, actor, granted_at, withdrawn_at, withdrawn_source"
        " from outreach.delivery_consent order by sent_at",
    )
    assert [(a["message_id"], a["source"], a["wording_version"]) for a in answer] == [
        (first, "app", "v1"),
        (second, "paper", "v2"),
    ]
    assert [a["granted_at"] for a in answer] == [NOW - 20 * DAY, NOW - 2 * DAY]
    assert [(a["withdrawn_at"], a["withdrawn_source"]) for a in answer] == [
        (NOW - 5 * DAY, "test"),
        (NOW + DAY, "test"),
    ]
    # A code needs none, and says so; every sending has exactly one row.
    code = message(db, user, message_class="one_time_code", kind="code", due=NOW + 2 * DAY)
    claim(db, NOW + 2 * DAY)
    assert row(db, "select granted_at, source from outreach.delivery_consent where message_id = %s", code) == {
        "granted_at": None, "source": None,
    }  # fmt: skip
    assert value(db, "select count(*) from outreach.delivery_consent") == value(
        db, "select count(*) from outreach.delivery"
    )


def test_consent_is_granted_and_withdrawn_once(db: Connection[Any]) -> None:
    user = person(db)
    grant = "select account.grant_consent(%s, 'email', 'outreach', %s, 'app', 'v1', 'self')"
    assert value(db, grant, user, NOW)
    assert not value(db, grant, user, NOW + HOUR)
    assert withdraw(db, user, NOW + DAY)
    assert not withdraw(db, user, NOW + 2 * DAY)
    # An hour that somebody else's transaction began earlier, or the very instant of the withdrawal, changes nothing.
    assert value(db, grant, user, NOW + DAY)
    assert row(
        db,
        "select count(*) as n, count(*) filter (where upper_inf(valid_at)) as open from"
        " account.consent where user_id = %s",
        user,
    ) == {"n": 2, "open": 1}


def test_consent_may_be_given_and_withdrawn_again_and_again_in_one_microsecond(db: Connection[Any]) -> None:
    """Found by the property test: each row is closed once, none is reopened, and the last word stands."""
    user = reader(db)
    for turn in range(4):
        assert withdraw(db, user, NOW)
        assert not rows(db, "select 1 from account.consent where user_id = %s and upper_inf(valid_at)", user)
        assert value(db, "select account.grant_consent(%s, 'email', 'outreach', %s, 'app', 'v1', 'self')", user, NOW), (
            turn
        )
    spans = [
        r["valid_at"] for r in rows(db, "select valid_at from account.consent where user_id = %s order by 1", user)
    ]
    assert len(spans) == 5
    assert all(before.upper == after.lower for before, after in pairwise(spans))


def test_a_grant_by_a_transaction_older_than_the_withdrawal_is_not_lost(db: Connection[Any]) -> None:
    user = reader(db)
    withdraw(db, user, NOW)
    assert value(
        db, "select account.grant_consent(%s, 'email', 'outreach', %s, 'app', 'v2', 'self')", user, NOW - MICRO
    )
    assert rows(db, "select 1 from account.consent_at(%s, 'email', 'outreach', %s)", user, NOW + MICRO)


@pytest.mark.parametrize("late", [MICRO, 5 * MICRO, HOUR / 3600, HOUR], ids=["1 µs", "5 µs", "1 s", "1 h"])
def test_a_withdrawal_that_began_before_a_sending_still_closes_after_it(db: Connection[Any], late: Any) -> None:
    """Its transaction began first (so its now() is earlier), but the claim got the person's lock before it."""
    user = reader(db)
    deliver(db, message(db, user), NOW + late)
    assert withdraw(db, user, NOW)
    closed = value(db, "select upper(valid_at) from account.consent where user_id = %s", user)
    assert NOW + late < closed <= NOW + 2 * late + MICRO
    assert not rows(db, "select 1 from account.consent_at(%s, 'email', 'outreach', %s)", user, closed)
