"""Consents: who can give which, and what is recorded of each."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from psycopg import Connection
from psycopg.types.json import Jsonb

from tests.conftest import Clock, Connect
from tests.marketplace import at, consent, person, worker
from tests.outbox import DAY, NOW, claim, message, row, rows, state, value
from tests.sessions import Phone, phone, refused

Db = Connection[Any]


pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def customer(db: Db) -> UUID:
    return person(db, full_name="রহিমা খাতুন", email="rahima@example.com", phone="+8801712345678")


@pytest.fixture
def mine(db: Db, api: Db, customer: UUID) -> Phone:
    return phone(db, api, customer)


def granted(answer: dict[str, Any]) -> set[tuple[str, str]]:
    return {(item["channel"], item["purpose"]) for item in answer["items"] if item["granted"]}


def put(mine: Phone, *items: tuple[str, str, bool], wording: str = "2026-11") -> dict[str, Any]:
    consents = [{"channel": c, "purpose": p, "granted": g} for c, p, g in items]
    answer: dict[str, Any] = mine.ask("set_consents", consents=Jsonb(consents), wording_version=wording)
    return answer


def test_no_consent_is_given_by_default(mine: Phone) -> None:
    answer = mine.ask("consents")
    assert granted(answer) == set()
    assert [(i["channel"], i["purpose"]) for i in answer["items"]] == [
        (channel, "outreach") for channel in ("email", "in_app", "push", "sms", "whatsapp")
    ]


def test_a_consent_records_time_actor_source_and_wording(db: Db, mine: Phone, customer: UUID, clock: Clock) -> None:
    answer = put(mine, ("email", "outreach", True), ("sms", "outreach", True))
    assert granted(answer) == {("email", "outreach"), ("sms", "outreach")}
    clock.advance(days=1)
    # Granted again with a newer wording: the first wording remains.
    put(mine, ("email", "outreach", True), wording="2027-01")
    assert granted(put(mine, ("email", "outreach", False))) == {("sms", "outreach")}
    put(mine, ("email", "outreach", False))
    kept = row(db, "select * from account.consent where channel = 'email'")
    assert (kept["valid_at"].lower, kept["valid_at"].upper) == (NOW, NOW + DAY)
    assert (kept["source"], kept["actor"], kept["wording_version"]) == ("app", str(customer), "2026-11")
    assert (kept["withdrawn_source"], kept["withdrawn_actor"]) == ("app", str(customer))


def whatsapp(db: Db, user_id: UUID) -> list[dict[str, Any]]:
    return rows(
        db,
        "select address, verified_at from account.contact where user_id = %s and channel = 'whatsapp'",
        user_id,
    )


def test_a_consent_to_whatsapp_copies_the_phone_number(db: Db, mine: Phone, customer: UUID) -> None:
    db.execute("update account.contact set verified_at = %s where channel = 'sms'", [NOW - DAY])
    put(mine, ("whatsapp", "outreach", False), ("email", "outreach", True))
    assert whatsapp(db, customer) == []
    for _ in range(2):
        put(mine, ("whatsapp", "outreach", True))
        assert whatsapp(db, customer) == [{"address": "+8801712345678", "verified_at": NOW - DAY}]
    # A WhatsApp number that was loaded is not replaced.
    db.execute("update account.contact set address = '+8801898765432' where channel = 'whatsapp'")
    put(mine, ("whatsapp", "outreach", False))
    put(mine, ("whatsapp", "outreach", True))
    assert [one["address"] for one in whatsapp(db, customer)] == ["+8801898765432"]


def test_a_consent_to_whatsapp_without_a_phone_number_has_no_address(db: Db, connect: Connect) -> None:
    user = person(db)
    put(phone(db, connect(role="shokti_app"), user), ("whatsapp", "outreach", True))
    assert whatsapp(db, user) == []
    found = row(
        db, "select * from outreach.reachable_channel(%s, array['email', 'whatsapp'], 'outreach', %s)", user, NOW
    )
    assert (found["channel"], found["reason"]) == ("whatsapp", "no_address")


@pytest.mark.parametrize(
    "items",
    [
        [("email", "coaching", True)],
        [("email", "outreach", True), ("email", "transactional", False)],
        [("fax", "outreach", True)],
        [("email", "outreach", True), ("email", "outreach", False)],
    ],
)
def test_an_invalid_consent_changes_nothing(db: Db, mine: Phone, items: list[tuple[str, str, bool]]) -> None:
    with refused("SH422", column="consents"):
        put(mine, *items)
    assert value(db, "select count(*) from account.consent") == 0


def test_workers_can_consent_to_coaching_and_voice(db: Db, connect: Connect) -> None:
    theirs = phone(db, connect(role="shokti_app"), worker(db))
    assert {item["purpose"] for item in theirs.ask("consents")["items"]} == {"coaching", "voice"}
    assert granted(put(theirs, ("push", "voice", True))) == {("push", "voice")}
    with refused("SH422", column="consents"):
        put(theirs, ("email", "outreach", True))


def test_a_withdrawal_stops_planned_messages(db: Db, mine: Phone, customer: UUID) -> None:
    consent(db, customer, "email")
    planned = message(db, customer, due=NOW)
    put(mine, ("email", "outreach", False))
    claim(db, NOW)
    assert (state(db, planned)["state"], state(db, planned)["rule"]) == ("refused", "consent")


def test_since_is_the_start_of_the_current_consent(db: Db, mine: Phone, customer: UUID) -> None:
    consent(db, customer, "email", since=NOW - 30 * DAY, until=NOW - 20 * DAY)
    consent(db, customer, "email", since=NOW - 10 * DAY)
    [item] = [item for item in mine.ask("consents")["items"] if item["granted"]]
    assert at(item["since"]) == NOW - 10 * DAY
    assert len(rows(db, "select 1 as one from account.consent")) == 2
