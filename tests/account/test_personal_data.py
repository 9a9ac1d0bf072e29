"""Export and erasure of everything that is stored about a person."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from psycopg import Connection
from psycopg.types.json import Jsonb

from db import erasure
from db.embedded.account import server_account
from db.embedded.binaries import binaries
from db.fault import Fault
from tests.conftest import Clock, Connect
from tests.marketplace import booking, contact, event, person, review, service, worker
from tests.outbox import (
    DAY,
    HOUR,
    NOW,
    claim,
    message,
    record_event,
    record_outcome,
    row,
    rows,
    sent,
    set_cap,
    state,
    value,
)
from tests.sessions import UNSET, Phone, phone, refused

Db = Connection[Any]

pytestmark = pytest.mark.usefixtures("clock")

#: Values that identify this person.
PLANTED = (
    "Zubaida Khatun-Planted",
    "জুবাইদা খাতুন",
    "zubaida.planted@example.com",
    "+8801798765432",
    "+8801612345987",
    "planted-external-7781",
    "Planted-Phone/9.9",
    "planted review of mine",
    "planted search words",
    "planted-event",
    "planted bounce",
    "planted inbox",
    "planted:device-token",
)


def fill(db: Db, api: Db, clock: Clock) -> Phone:
    """Signs in a customer with rows in every table about customers."""
    user = person(
        db,
        full_name="Zubaida Khatun-Planted জুবাইদা খাতুন",
        external_id="planted-external-7781",
        email="zubaida.planted@example.com",
        phone="+8801798765432",
        consents=["email", "in_app"],
        time_zone="Asia/Tokyo",
        quiet_from="22:00",
        quiet_until="06:00",
        preferred_channel="email",
        address_form="apa",
    )
    contact(db, user, "whatsapp", "+8801612345987")
    mine = phone(db, api, user)
    db.execute("update account.session set agent = 'Planted-Phone/9.9'")
    mine.ask("change_me", if_match="*", **(UNSET | {"push_token": "planted:device-token"}))
    home = service(db)
    done = booking(db, user, home, scheduled_at=NOW - 10 * DAY, worker_id=worker(db))
    review(db, done, rating=4, body="planted review of mine")
    booking(
        db, user, home, scheduled_at=NOW - 5 * DAY, status="cancelled", cancel_reason="Planted: Zubaida Khatun-Planted"
    )
    booking(db, user, home, scheduled_at=NOW + 5 * DAY, status="pending", source="app")
    event(db, user, NOW - DAY, properties=Jsonb({"words": "planted search words"}), external_id="planted-event")
    set_cap(db, "outreach_daily", None, 24)
    set_cap(db, "outreach_weekly", None, 168)
    mailed = sent(db, user, NOW - 2 * HOUR)
    record_event(db, mailed, "bounced", NOW, detail={"text": "planted bounce <zubaida.planted@example.com>"})
    shown = sent(db, user, NOW - HOUR, channel="in_app")
    db.execute(
        "insert into outreach.inbox_message values (%s, %s, 'planted inbox', 'planted inbox', %s) on conflict (message_id)"
        " do update set body = excluded.body",
        [shown, user, NOW],
    )
    failing = message(db, user, due=NOW)
    claim(db, NOW)
    record_outcome(db, failing, "later", NOW, error="450 zubaida.planted@example.com is busy", retry_after=60)
    message(db, user, due=NOW + DAY)
    # Should not happen, but is possible: addresses in waiting and held jobs, and in tracebacks.
    for status, payload in (
        ("queued", "to zubaida.planted@example.com"),
        ("failed", "Zubaida Khatun-Planted জুবাইদা খাতুন"),
    ):
        db.execute(
            "insert into queue.pgqueuer (priority, status, entrypoint, payload)"
            " values (0, %s, 'x', convert_to(%s, 'UTF8'))",
            [status, json.dumps({"note": payload}, ensure_ascii=False)],
        )
    db.execute(
        "insert into queue.pgqueuer_log (job_id, status, priority, entrypoint, traceback)"
        " values (1, 'exception', 0, 'x', %s)",
        [Jsonb({"exception": "550 <zubaida.planted@example.com> unknown"})],
    )
    return mine


def dumped(url: str) -> str:
    """Dumps every row of the database with pg_dump."""
    done = subprocess.run(
        [str(binaries(server_account()) / "pg_dump"), "--data-only", "--inserts", url],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def found_in(text: str) -> list[str]:
    """Returns the planted values in a text, also those stored as bytes (hexadecimal)."""
    lowered = text.lower()
    return [word for word in PLANTED if word.lower() in lowered or word.encode().hex() in lowered]


def test_scenario_60_an_erased_person_is_in_no_table(
    db: Db, api: Db, clock: Clock, database_url: str, connect: Connect
) -> None:
    mine = fill(db, api, clock)
    user = value(db, "select user_id from account.person where external_id = 'planted-external-7781'")
    assert sorted(found_in(dumped(database_url))) == sorted(PLANTED), "every planted value is in the dump"
    sums = "select status, count(*) as n, sum(price_poisha) as poisha from market.booking group by status order by 1"
    before = rows(db, sums)
    clock.advance(hours=1)
    answer = mine.ask("erase_me")
    assert answer["user_id"] == str(user)
    assert found_in(dumped(database_url)) == []
    # Sums remain; the booking that was to come is cancelled.
    after = {each["status"]: each["n"] for each in rows(db, sums)}
    assert sum(each["poisha"] for each in rows(db, sums)) == sum(each["poisha"] for each in before)
    assert after == {"completed": 1, "cancelled": 2}
    assert row(db, "select rating, body from market.review") == {"rating": 4, "body": None}
    assert value(db, "select count(*) from market.app_event where user_id = %s", user) == 1
    # Proof remains: consents, deliveries, the audit entry of the erasure.
    assert value(db, "select count(*) from account.consent where user_id = %s and not upper_inf(valid_at)", user) == 2
    assert value(db, "select count(*) from outreach.delivery where user_id = %s", user) == 3
    assert value(db, "select count(*) from policy.audit where action = 'erase' and subject = %s", f"person {user}") == 1
    with refused("SH401"):
        mine.ask("me")


def test_an_erased_person_gets_no_message(db: Db, api: Db, clock: Clock) -> None:
    mine = fill(db, api, clock)
    clock.advance(hours=1)
    mine.ask("erase_me")
    waiting = rows(db, "select message_id from outreach.message where state = 'scheduled'")
    assert len(waiting) == 2
    # A claim takes one message per person.
    for _ in waiting:
        assert claim(db, NOW + DAY)["messages"] == []
    for each in waiting:
        assert state(db, each["message_id"])["state"] in ("refused", "expired"), state(db, each["message_id"])
    assert value(db, "select count(*) from outreach.link where greatest(book_until, stop_until) >= clock.now()") == 0


def test_erasure_does_not_change_other_people(db: Db, api: Db, clock: Clock, database_url: str) -> None:
    mine = fill(db, api, clock)
    other = person(db, full_name="Other Person-Untouched", email="other.untouched@example.com", consents=["email"])
    review(db, booking(db, other, service(db), scheduled_at=NOW - DAY), body="other review")
    db.execute(
        "insert into queue.pgqueuer (priority, status, entrypoint, payload)"
        " values (0, 'queued', 'deliver', convert_to('{\"channel\": \"email\"}', 'UTF8'))"
    )
    mine.ask("erase_me")
    text = dumped(database_url)
    for kept in ("Other Person-Untouched", "other.untouched@example.com", "other review"):
        assert kept in text
    assert b'{"channel": "email"}'.hex() in text


@pytest.mark.parametrize("name", ["channel", "email", "run_id"])
def test_names_that_look_like_identifiers_redact_no_job(db: Db, api: Db, name: str) -> None:
    mine = phone(db, api, person(db, full_name=name))
    for status in ("queued", "failed"):
        db.execute(
            "insert into queue.pgqueuer (priority, status, entrypoint, payload) values"
            " (0, %s, 'deliver', convert_to('{\"channel\": \"email\", \"run_id\": 1}', 'UTF8'))",
            [status],
        )
    mine.ask("erase_me")
    assert value(db, "select count(*) from queue.pgqueuer where convert_from(payload, 'UTF8') like '%%channel%%'") == 2


def test_a_worker_at_work_cannot_be_erased(db: Db, api: Db) -> None:
    salma = worker(db)
    mine = phone(db, api, salma)
    doing = booking(db, person(db), service(db), scheduled_at=NOW, status="in_progress", worker_id=salma)
    to_come = booking(db, person(db), service(db), scheduled_at=NOW + DAY, status="confirmed", worker_id=salma)
    with refused("SH409"):
        mine.ask("erase_me")
    assert value(db, "select full_name from account.person where user_id = %s", salma) is not None
    mine.ask("complete_job", booking_id=doing)
    mine.ask("erase_me")
    given_up = row(db, "select status, cancelled_by from market.booking where booking_id = %s", to_come)
    assert given_up == {"status": "cancelled", "cancelled_by": "worker"}


def test_an_admin_cannot_be_erased(db: Db, api: Db) -> None:
    mine = phone(db, api, person(db, role="admin"))
    with refused("SH409"):
        mine.ask("erase_me")


def test_the_export_contains_everything(db: Db, api: Db, clock: Clock) -> None:
    mine = fill(db, api, clock)
    other = person(db, full_name="Other Person-Untouched")
    booking(db, other, service(db), scheduled_at=NOW - DAY)
    document = mine.ask("export_me")
    text = json.dumps(document, ensure_ascii=False)
    assert set(PLANTED) - set(found_in(text)) == set()
    assert "Untouched" not in text
    assert (len(document["bookings"]), len(document["events"]), len(document["messages"])) == (3, 1, 4)
    assert "token_hash" not in text
    assert "key" not in text


def test_erasures_are_repeated_on_a_restored_backup(
    db: Db, api: Db, connect: Connect, clock: Clock, database_url: str, tmp_path: Path
) -> None:
    mine = fill(db, api, clock)
    user = value(db, "select user_id from account.person where external_id = 'planted-external-7781'")
    stays = person(db, email="other.untouched@example.com")
    clock.advance(hours=1)
    mine.ask("erase_me")
    ledger = "\n".join(json.dumps(one) for one in erasure.list_erasures(connect(role="shokti_worker")))
    assert found_in(ledger) == []
    # As in a backup from before the erasure.
    restored = connect(role="shokti_worker")
    db.execute(
        "update account.person set erased_at = null, full_name = 'Zubaida Khatun-Planted' where user_id = %s", [user]
    )
    contact(db, user, "email", "zubaida.planted@example.com")
    assert erasure.erase_again(restored, ledger) == (1, [])
    assert erasure.erase_again(restored, f"{ledger}\n\n") == (0, [])
    assert found_in(dumped(database_url)) == []
    assert value(db, "select address from account.contact where user_id = %s", stays) == "other.untouched@example.com"
    # A worker who was at work at the time of the backup.
    salma = worker(db)
    booking(db, person(db), service(db), scheduled_at=NOW, status="in_progress", worker_id=salma)
    assert erasure.erase_again(restored, json.dumps({"user_id": str(salma)})) == (0, [str(salma)])
    assert erasure.erase_again(restored, json.dumps({"user_id": str(uuid4())})) == (0, [])
    for wrong in ("x", "[]", "{}"):
        with pytest.raises(Fault, match="line 2 is not an erasure"):
            erasure.erase_again(restored, f"{ledger}\n{wrong}")
    with pytest.raises(Fault, match="cannot be read"):
        erasure.read_erasures(tmp_path / "none")


#: Tables with a column for a person, and what an erasure does to each. A new table must be added here.
KEPT_OF_PEOPLE = {
    "account.admin_credential": "deleted",
    "account.consent": "closed, kept as proof",
    "account.contact": "deleted",
    "edge.idempotent_call": "deleted",
    "account.one_time_code": "deleted",
    "account.person": "emptied, kept as proof",
    "account.session": "revoked, device emptied",
    "market.app_event": "properties and ids emptied",
    "market.booking": "kept for its sums",
    "market.worker": "what they did, without who",
    "outreach.claim_denial": "kept as proof",
    "outreach.delivery": "texts emptied, kept as proof",
    "outreach.inbox_message": "texts emptied",
    "outreach.link": "closed",
    "outreach.message": "kept as proof",
    "outreach.cap_slot": "kept as proof",
    "smartengage.candidate": "kept for sums",
    "smartengage.customer_segment": "kept for sums",
    "smartengage.predicted_booking": "kept for sums",
}


def test_every_table_about_people_is_listed(db: Db) -> None:
    columns = rows(
        db,
        """
        select distinct n.nspname || '.' || c.relname as name
        from pg_attribute a
        join pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p') and not c.relispartition
        join pg_namespace n on n.oid = c.relnamespace
        where a.attname in ('user_id', 'customer_id', 'worker_id')
          and n.nspname in ('edge', 'account', 'market', 'text', 'outreach', 'prediction', 'smartengage', 'policy')
        """,
    )
    assert {each["name"] for each in columns} == set(KEPT_OF_PEOPLE)
    sources = "\n".join(
        each["source"]
        for each in rows(
            db,
            "select pg_get_functiondef(p.oid) as source from pg_proc p join pg_namespace n on n.oid = p.pronamespace"
            " where p.proname in ('personal_data', 'profile')",
        )
    ) + value(db, "select pg_get_viewdef('market.customer_booking') || pg_get_viewdef('market.worker_job')")
    read = set(re.findall(r"\b(?:edge|account|market|text|outreach|prediction|smartengage)\.\w+", sources))
    assert set(KEPT_OF_PEOPLE) - read == set()
