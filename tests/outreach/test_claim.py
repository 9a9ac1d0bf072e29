"""The claim: every reason not to send, what it returns, campaign holds, the sending switch, and one bad message among many."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from typing import Any

import psycopg
import pytest
from psycopg import Connection

from tests.conftest import Clock
from tests.marketplace import add_on, booking, campaign, person, service
from tests.outbox import (
    DAY,
    HOUR,
    MICRO,
    NOW,
    URL,
    claim,
    delivery,
    house_text,
    message,
    reader,
    record_outcome,
    row,
    rows,
    sent,
    set_rule,
    state,
    value,
    withdraw,
)

Make = Callable[[Connection[Any]], Any]


def disabled(db: Connection[Any]) -> Any:
    return message(db, reader(db, disabled_at=NOW))


def disabled_later(db: Connection[Any]) -> Any:
    return message(db, reader(db, disabled_at=NOW + MICRO))


def erased(db: Connection[Any]) -> Any:
    return message(db, reader(db, erased_at=NOW - DAY))


def stopped(db: Connection[Any]) -> Any:
    campaign_id = campaign(db)
    made = message(db, reader(db), campaign_id=campaign_id)
    db.execute("update smartengage.campaign set status = 'stopped' where campaign_id = %s", [campaign_id])
    return made


def too_late(db: Connection[Any]) -> Any:
    return message(db, reader(db), due=NOW - DAY, useful_until=NOW - MICRO)


def just_useful(db: Connection[Any]) -> Any:
    return message(db, reader(db), due=NOW - DAY, useful_until=NOW)


def without_consent(db: Connection[Any]) -> Any:
    return message(db, person(db))


def withdrawn(db: Connection[Any]) -> Any:
    user = reader(db)
    withdraw(db, user)
    return message(db, user)


def consent_to_another_purpose(db: Connection[Any]) -> Any:
    user = person(db)
    db.execute("select account.grant_consent(%s, 'email', 'coaching', %s, 'app', 'v1', 'self')", [user, NOW - DAY])
    return message(db, user)


def without_address(db: Connection[Any]) -> Any:
    return message(db, reader(db, email=None))


def suppressed(db: Connection[Any]) -> Any:
    user = reader(db)
    db.execute(
        "update account.contact set suppressed_at = %s, suppressed_reason = 'refused' where user_id = %s", [NOW, user]
    )
    return message(db, user)


def without_text(db: Connection[Any]) -> Any:
    return message(db, reader(db), template_id=None)


def unapproved_text(db: Connection[Any]) -> Any:
    text = value(
        db,
        "insert into text.template (kind, language, variant, origin, subject, body, created_at)"
        " values ('reminder', 'bn', 'zz', 'house', 'কি?', '{address}', %s) returning template_id",
        NOW,
    )
    return message(db, reader(db), template_id=text)


def booked(db: Connection[Any]) -> Any:
    user, home = reader(db), service(db)
    booking(db, user, home, scheduled_at=NOW + DAY, status="pending", created_at=NOW - MICRO)
    return message(db, user, service_id=home)


def booked_where_no_booking_stops(db: Connection[Any]) -> Any:
    db.execute("update policy.message_class set stops_when = 'nothing' where message_class = 'reminder'")
    return booked(db)


def booked_while_announced(db: Connection[Any]) -> Any:
    user, home = reader(db), service(db)
    booking(db, user, home, scheduled_at=NOW + DAY, status="pending", created_at=NOW - MICRO)
    return message(db, user, service_id=home, message_class="announcement", kind="announcement")


def in_the_night(db: Connection[Any]) -> Any:
    return message(db, reader(db, time_zone="America/New_York"), useful_until=NOW + 30 * HOUR)


def in_the_night_and_soon_useless(db: Connection[Any]) -> Any:
    return message(db, reader(db, time_zone="America/New_York"), useful_until=NOW + HOUR)


def no_cap(db: Connection[Any]) -> Any:
    db.execute("update policy.cap set valid_at = tstzrange(null, %s) where purpose = 'outreach'", [NOW])
    return message(db, reader(db))


def capped(db: Connection[Any]) -> Any:
    user = reader(db)
    sent(db, user, NOW - HOUR)
    return message(db, user)


def capped_and_soon_useless(db: Connection[Any]) -> Any:
    user = reader(db)
    sent(db, user, NOW - HOUR)
    return message(db, user, useful_until=NOW + HOUR)


def yields(db: Connection[Any]) -> Any:
    user = reader(db)
    message(db, user, due=NOW + 5 * HOUR)
    return message(db, user, message_class="announcement", kind="announcement")


def need_not_yield(db: Connection[Any]) -> Any:
    """The message of higher priority is due after the look-ahead."""
    user = reader(db)
    message(db, user, due=NOW + 24 * HOUR + MICRO)
    return message(db, user, message_class="announcement", kind="announcement")


def first_in_rank(db: Connection[Any]) -> Any:
    user = reader(db)
    message(db, user, due=NOW + 5 * HOUR, message_class="announcement", kind="announcement")
    return message(db, user)


@pytest.mark.parametrize(
    ("make", "verdict", "reason", "rule"),
    [
        (disabled, "refuse", "person_inactive", "person_active"),
        (disabled_later, "send", None, None),
        (erased, "refuse", "person_inactive", "person_active"),
        (stopped, "refuse", "campaign_stopped", "campaign"),
        (too_late, "expire", "too_late", "reminder.useful_for"),
        (just_useful, "send", None, None),
        (without_consent, "refuse", "no_consent", "consent"),
        (withdrawn, "refuse", "no_consent", "consent"),
        (consent_to_another_purpose, "refuse", "no_consent", "consent"),
        (without_address, "refuse", "no_address", "contact"),
        (suppressed, "refuse", "suppressed", "contact"),
        (without_text, "refuse", "no_text", "approved_text"),
        (unapproved_text, "refuse", "no_text", "approved_text"),
        (booked, "refuse", "booked", "booked"),
        (booked_where_no_booking_stops, "send", None, None),
        (booked_while_announced, "send", None, None),
        (in_the_night, "defer", "quiet", "quiet_period"),
        (in_the_night_and_soon_useless, "expire", "quiet", "quiet_period"),
        (no_cap, "refuse", "no_cap", "cap"),
        (capped, "defer", "capped", "outreach_daily"),
        (capped_and_soon_useless, "refuse", "capped", "outreach_daily"),
        (yields, "defer", "yields", "look_ahead"),
        (need_not_yield, "send", None, None),
        (first_in_rank, "send", None, None),
    ],
)
def test_each_verdict_has_its_reason_and_rule(
    db: Connection[Any], make: Make, verdict: str, reason: str | None, rule: str | None
) -> None:
    message_id = make(db)
    before = state(db, message_id)
    told = row(db, "select * from outreach.claim_verdicts(array[%s], %s)", message_id, NOW)
    assert (told["verdict"], told["reason"], told["rule"]) == (verdict, reason, rule)
    assert told["rule_version"] == (None if rule is None else 1)
    assert state(db, message_id) == before, "a verdict changes nothing"
    # The claim applies the verdict.
    claim(db)
    now = state(db, message_id)
    ends = {"send": "claimed", "refuse": "refused", "expire": "expired", "defer": "scheduled"}
    assert (now["state"], now["reason"], now["rule"]) == (ends[verdict], reason, rule)
    assert (now["due_at"] == told["until"]) == (verdict == "defer")


def test_scenario_35_an_opt_out_does_not_stop_one_time_codes(db: Connection[Any]) -> None:
    user = reader(db)
    withdraw(db, user)
    code = message(db, user, message_class="one_time_code", kind="code")
    reminder = message(db, user)
    answer = claim(db)
    assert [m["message_id"] for m in answer["messages"]] == [str(code)]
    assert state(db, reminder)["state"] == "refused"
    assert delivery(db, code)["consent_channel"] is None


def test_what_a_claim_returns(db: Connection[Any]) -> None:
    home = service(db)
    fridge = add_on(db, home)
    user = person(db, consents=("email",), email="rahima@example.com", full_name="রহিমা খাতুন", address_form="apa")
    message_id = message(db, user, service_id=home, add_on_ids=[fridge])
    answer = claim(db)
    assert {k: v for k, v in answer.items() if k != "messages"} == {
        "claimed": 1, "refused": 0, "expired": 0, "deferred": 0, "more": False
    }  # fmt: skip
    (given,) = answer["messages"]
    assert set(given) == {
        "message_id", "attempt", "channel", "purpose", "language", "address", "name", "subject", "body", "link",
        "stop_link", "useful_for",
    }  # fmt: skip
    assert given["useful_for"] == 2 * 24 * 3600
    assert (given["attempt"], given["channel"], given["purpose"], given["language"]) == (1, "email", "outreach", "bn")
    assert given["address"] == "rahima@example.com"
    token = given["link"].removeprefix(f"{URL}/l/")
    assert given["stop_link"] == f"{URL}/u/{token}"
    assert len(token) == 22
    assert given["link"] in given["body"]
    assert given["stop_link"] in given["body"]
    assert "{" not in given["body"] + given["subject"]
    # The link key itself is stored nowhere.
    kept = delivery(db, message_id)
    assert "{link}" in kept["body"]
    assert token not in kept["body"]
    assert value(db, "select count(*) from outreach.link where key_hash = outreach.link_key_hash(%s)", token) == 1
    assert (kept["state"], kept["sent_at"], kept["attempt"]) == ("claimed", NOW, 1)


def test_more_tells_whether_messages_remain(db: Connection[Any]) -> None:
    for _ in range(5):
        message(db, reader(db))
    assert [claim(db, limit=2)["more"] for _ in range(4)] == [True, True, False, False]
    for _ in range(2):
        message(db, reader(db))
    assert [claim(db, limit=2)["more"] for _ in range(2)] == [True, False]


def test_of_several_messages_to_a_person_the_first_by_rank_is_sent(db: Connection[Any]) -> None:
    """Class, then expected value, then due time, then id."""
    user = reader(db)
    announcement = message(db, user, message_class="announcement", kind="announcement", expected_value=9e9)
    cheap = message(db, user, expected_value=1, due=NOW - 3 * HOUR)
    dear_late = message(db, user, expected_value=2, due=NOW - HOUR)
    dear_early = message(db, user, expected_value=2, due=NOW - 2 * HOUR)
    assert [m["message_id"] for m in claim(db)["messages"]] == [str(dear_early)]
    for _ in range(4):
        claim(db)
    assert {state(db, m)["reason"] for m in (announcement, cheap, dear_late)} <= {"capped", "yields"}
    assert value(db, "select count(*) from outreach.delivery") == 1


def test_several_transactional_messages_to_a_person_are_sent_together(db: Connection[Any]) -> None:
    user = person(db)
    for _ in range(3):
        message(db, user, message_class="receipt", kind="receipt")
    assert claim(db)["claimed"] == 3


def test_only_due_messages_of_the_channel_are_claimed(db: Connection[Any]) -> None:
    user = reader(db, consents=("email", "sms"), phone=True)
    other = reader(db)
    message(db, user, channel="sms")
    message(db, other, due=NOW + MICRO)
    assert claim(db)["claimed"] == 0
    assert claim(db, NOW + MICRO)["claimed"] == 1
    assert claim(db, channel="sms")["claimed"] == 1


def test_messages_of_a_paused_campaign_wait_until_it_is_resumed(db: Connection[Any]) -> None:
    campaign_id = campaign(db)
    message_id = message(db, reader(db), campaign_id=campaign_id)
    other = message(db, reader(db), campaign_id=campaign(db))

    def become(status: str) -> None:
        db.execute("update smartengage.campaign set status = %s where campaign_id = %s", [status, campaign_id])

    become("paused")
    assert [m["message_id"] for m in claim(db)["messages"]] == [str(other)]
    assert state(db, message_id)["state"] == "scheduled"
    become("running")
    assert [m["message_id"] for m in claim(db)["messages"]] == [str(message_id)]
    become("stopped")
    later = message(db, reader(db), campaign_id=campaign_id)
    claim(db)
    assert state(db, later)["reason"] == "campaign_stopped"
    # Messages claimed before are still sent.
    assert state(db, message_id)["state"] == "claimed"


@pytest.mark.parametrize(
    ("status", "enabled", "becomes"),
    [
        ("running", True, "claimed"),
        ("scheduled", True, "claimed"),
        ("completed", True, "claimed"),
        ("draft", True, "scheduled"),
        ("paused", True, "scheduled"),
        ("running", False, "scheduled"),
        ("stopped", True, "refused"),
        ("failed", True, "scheduled"),
        ("stopped", False, "refused"),
    ],
)
def test_status_of_the_campaign_binds_its_planned_messages(
    db: Connection[Any], status: str, enabled: bool, becomes: str
) -> None:
    campaign_id = campaign(db, status=status, enabled=enabled)
    message_id = message(db, reader(db), campaign_id=campaign_id)
    claim(db)
    assert state(db, message_id)["state"] == becomes


def test_paused_backlog_does_not_delay_other_messages(db: Connection[Any]) -> None:
    campaign_id = campaign(db, status="paused")
    for _ in range(5):
        message(db, reader(db), campaign_id=campaign_id, due=NOW - HOUR)
    message(db, reader(db))
    assert claim(db, limit=3)["claimed"] == 1


def test_nothing_is_claimed_while_sending_is_off(db: Connection[Any]) -> None:
    message_id = message(db, reader(db))
    db.execute("update policy.installation set sending = false")
    assert claim(db) == {"messages": [], "claimed": 0, "refused": 0, "expired": 0, "deferred": 0, "more": False}
    assert state(db, message_id)["state"] == "scheduled"
    db.execute("update policy.installation set sending = true")
    assert claim(db)["claimed"] == 1
    switched = rows(
        db,
        "select detail -> 'new' ->> 'sending' as sending from policy.audit where subject ="
        " 'policy.installation' and action = 'update' order by happened_at, audit_id",
    )
    assert [s["sending"] for s in switched] == ["false", "true"]


def test_scenario_16_a_restored_copy_claims_nothing_until_confirmed(db: Connection[Any]) -> None:
    """A copy restored elsewhere runs in a cluster with another system identifier."""
    message(db, reader(db))
    db.execute("update policy.installation set system_identifier = system_identifier + 1")
    assert claim(db)["claimed"] == 0
    db.execute("update policy.installation set system_identifier = (select system_identifier from pg_control_system())")
    assert claim(db)["claimed"] == 1


def test_claim_without_due_messages_is_empty(db: Connection[Any]) -> None:
    for limit in (0, 1, 100):
        assert claim(db, limit=limit)["claimed"] == 0


def test_in_app_message_appears_once_even_if_claimed_again(db: Connection[Any]) -> None:
    user = reader(db, consents=("in_app",), email=None)
    message_id = message(db, user, channel="in_app")
    other = message(db, reader(db, consents=("in_app",)), channel="in_app", due=NOW + 3 * HOUR)
    given = claim(db, channel="in_app")["messages"][0]
    assert given["address"] is None
    assert row(db, "select subject, body from outreach.inbox_message where message_id = %s", message_id) == {
        "subject": given["subject"],
        "body": given["body"],
    }
    record_outcome(db, message_id, "later")
    assert claim(db, NOW + 3 * HOUR, channel="in_app")["claimed"] == 2
    assert state(db, other)["state"] == "claimed"
    assert value(db, "select count(*) from outreach.inbox_message where message_id = %s", message_id) == 1


def test_message_that_a_constraint_refuses_blocks_no_other(db: Connection[Any]) -> None:
    """All have verdict send; one breaks a constraint that no gate checks."""
    good = [message(db, reader(db)) for _ in range(5)]
    bad = message(db, reader(db))
    db.execute(
        "insert into outreach.delivery (message_id, attempt, user_id, channel, purpose, takes_slot,"
        " sent_at, consent_channel,"
        " consent_purpose, state) select message_id, 1, user_id, channel, purpose, takes_slot, %s,"
        " channel, purpose, 'released'"
        " from outreach.message where message_id = %s",
        [NOW - DAY, bad],
    )
    answer = claim(db)
    assert (answer["claimed"], answer["refused"]) == (5, 1)
    assert {state(db, m)["state"] for m in good} == {"claimed"}
    assert state(db, bad)["reason"] == "constraint:delivery_pkey"


@pytest.mark.parametrize("status", ["paused", "stopped"])
def test_held_campaign_reserves_no_slot(db: Connection[Any], status: str) -> None:
    """Else a paused campaign would defer messages of lower priority until they expire."""
    user = reader(db)
    campaign_id = campaign(db)
    message(db, user, campaign_id=campaign_id, due=NOW + 5 * HOUR)
    lower = message(db, user, message_class="announcement", kind="announcement")
    db.execute("update smartengage.campaign set status = %s where campaign_id = %s", [status, campaign_id])
    assert [m["message_id"] for m in claim(db)["messages"]] == [str(lower)]


def test_expired_message_reserves_no_slot(db: Connection[Any]) -> None:
    user = reader(db)
    message(db, user, due=NOW - 2 * HOUR, useful_until=NOW - MICRO, channel="sms")
    lower = message(db, user, message_class="announcement", kind="announcement")
    assert [m["message_id"] for m in claim(db)["messages"]] == [str(lower)]


def test_look_ahead_is_a_rule(db: Connection[Any]) -> None:
    set_rule(db, "look_ahead", 0)
    message_id = yields(db)
    assert claim(db)["claimed"] == 1
    assert state(db, message_id)["state"] == "claimed"


@pytest.mark.parametrize(
    ("name", "form", "greeting"),
    [
        (None, "none", "shubheccha"),
        ("", "bhai", "assalamu_alaikum"),
        ("   ", "apa", "nomoskar"),
        ("\u200b", "dada", "shubheccha"),
        ("N/A", "didi", "shubheccha"),
        ("রহিমা", "apa", "assalamu_alaikum"),
        ("Rahim {link}", "bhai", "nomoskar"),
        ("প্রিয়াঙ্কা", "didi", "shubheccha"),
    ],
)
@pytest.mark.parametrize("language", ["bn", "en"])
def test_scenario_43_blank_names_give_complete_sentences(
    db: Connection[Any], name: str | None, form: str, greeting: str, language: str
) -> None:
    user = reader(db, full_name=name, address_form=form, greeting=greeting, language=language)
    message(db, user, template_id=house_text(db, language))
    (given,) = claim(db)["messages"]
    text = given["subject"] + "\n" + given["body"]
    assert "{" not in text
    assert not any(line.strip() in (",", "।", ", ,") or line.startswith(",") for line in text.splitlines())
    assert " ," not in text
    assert "None" not in text
    assert "null" not in text
    first = given["body"].splitlines()[0].rstrip(",")
    assert len(first.strip()) > 3
    if name in (None, "", "   ", "\u200b"):
        assert not (given["name"] or "").strip("\u200b ")
        if language == "bn":
            assert "গ্রাহক" in first


def test_scenario_48_the_preview_is_what_is_sent(db: Connection[Any]) -> None:
    home = service(db)
    fridge = add_on(db, home)
    for columns in ({}, {"language": "en"}, {"full_name": None}, {"full_name": "আব্দুল ক়াদির"}, {"address_form": "bhai"}):
        user = reader(db, **columns)
        text = house_text(db, columns.get("language", "bn") or "bn")
        message_id = message(db, user, service_id=home, add_on_ids=[fridge], template_id=text)
        (given,) = [m for m in claim(db)["messages"] if m["message_id"] == str(message_id)]
        preview = row(
            db, "select * from outreach.rendered_message(%s, %s, %s)", message_id, given["link"], given["stop_link"]
        )
        assert preview["body"].encode() == given["body"].encode()
        assert preview["subject"].encode() == given["subject"].encode()
        kept = row(db, "select * from outreach.rendered_message(%s, '{link}', '{stop_link}')", message_id)
        assert delivery(db, message_id)["body"].encode() == kept["body"].encode()


def test_window_of_a_message_is_that_of_its_campaign(db: Connection[Any]) -> None:
    message_id = message(db, reader(db), window_from=time(12), window_until=time(13))
    assert claim(db)["deferred"] == 1
    assert NOW + 2 * HOUR <= state(db, message_id)["due_at"] < NOW + 3 * HOUR


def test_as_the_role_of_the_worker(db: Connection[Any], connect: Callable[..., Connection[Any]], clock: Clock) -> None:
    """The role of the worker process may claim through schema jobs and nothing else."""
    message(db, reader(db))
    worker = connect(role="shokti_worker")
    assert value(worker, "select jobs.claim_messages('email', 10, %s)", URL)["claimed"] == 1
    for forbidden in ("select * from outreach.message", "select outreach.claim_messages('email', 1, now(), '')"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            worker.execute(forbidden)
