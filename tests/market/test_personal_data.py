"""What schema market tells a person of themselves, and what erasure leaves of it."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from psycopg import Connection
from psycopg.types.json import Jsonb

from tests.marketplace import booking, event, person, review, service, worker
from tests.outbox import DAY, NOW, row, rows, value

Db = Connection[Any]
ERASE = "select market.erase_personal_data(%s, %s)"


@pytest.mark.parametrize("role", ["customer", "worker"])
@pytest.mark.parametrize("status", ["pending", "confirmed", "in_progress", "completed", "cancelled"])
def test_erasure_cancels_what_has_not_begun(db: Db, role: str, status: str) -> None:
    customer, serves = person(db), worker(db)
    made = booking(db, customer, service(db), scheduled_at=NOW + DAY, status=status, worker_id=serves)
    before = row(db, "select * from market.booking where booking_id = %s", made)
    if (role, status) == ("worker", "in_progress"):
        with pytest.raises(psycopg.Error) as refusal:
            db.execute(ERASE, [serves, NOW])
        assert refusal.value.sqlstate == "SH409"
    else:
        db.execute(ERASE, [customer if role == "customer" else serves, NOW])
    after = row(db, "select * from market.booking where booking_id = %s", made)
    if status in ("pending", "confirmed"):
        assert [after[name] for name in ("status", "cancelled_at", "cancelled_by", "cancel_reason")] == [
            "cancelled", NOW, role, "erasure",
        ]  # fmt: skip
    else:
        assert after == before


def test_erasure_deletes_words_and_keeps_sums_and_other_people(db: Db) -> None:
    home, users = service(db), [person(db), person(db)]
    for user in users:
        for number, reason in enumerate(["my mother is ill", "changed_plans"]):
            booking(
                db, user, home, scheduled_at=NOW - number * DAY, status="cancelled", cancel_reason=reason
            )  # fmt: skip
        review(db, booking(db, user, home, scheduled_at=NOW - 9 * DAY), rating=4, body="Salma was kind")
        event(db, user, NOW - DAY, external_id=f"phone of {user}", properties=Jsonb({"query": "flat 7"}))
    db.execute(ERASE, [users[0], NOW])

    def left(user: Any) -> tuple[list[Any], list[Any], list[Any]]:
        return (
            [r["cancel_reason"] for r in rows(
                db, "select cancel_reason from market.booking where customer_id = %s and status = 'cancelled'"
                " order by scheduled_at", user,
            )],
            rows(db, "select r.rating, r.body from market.review r join market.booking b using (booking_id)"
                 " where b.customer_id = %s", user),
            rows(db, "select external_id, properties from market.app_event where user_id = %s", user),
        )  # fmt: skip

    assert left(users[0]) == (
        ["changed_plans", None],
        [{"rating": 4, "body": None}],
        [{"external_id": None, "properties": {}}],
    )
    assert left(users[1]) == (
        ["changed_plans", "my mother is ill"],
        [{"rating": 4, "body": "Salma was kind"}],
        [{"external_id": f"phone of {users[1]}", "properties": {"query": "flat 7"}}],
    )


def test_an_export_names_nobody_else(db: Db) -> None:
    customer, serves = person(db, full_name="Rahima Planted"), worker(db)
    home = service(db)
    review(db, booking(db, customer, home, scheduled_at=NOW - DAY, worker_id=serves, external_id="own-1"), body="Kind")
    booking(db, person(db), home, scheduled_at=NOW - 3 * DAY, external_id="foreign-1")
    event(db, customer, NOW - DAY, kind="app_open")

    theirs = value(db, "select market.personal_data(%s)", customer)
    assert [b["external_id"] for b in theirs["bookings"]] == ["own-1"]
    assert (theirs["worker"], theirs["jobs"], [e["kind"] for e in theirs["events"]]) == (None, [], ["app_open"])
    assert "Kind" in str(theirs["bookings"])
    salmas = value(db, "select market.personal_data(%s)", serves)
    assert (salmas["bookings"], salmas["worker"]["categories"], len(salmas["jobs"])) == ([], ["cleaning"], 1)
    assert "Planted" not in str(salmas)
