"""Reports on campaigns: runs, messages and how far each got."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import Connection

from tests.candidates import plan, profile, without_global_control
from tests.marketplace import campaign, service
from tests.outbox import DAY, MICRO, NOW, claim, reader, record_event, record_outcome, row, rows, value

Db = Connection[Any]


def test_a_campaign_shows_its_last_ten_runs(db: Db) -> None:
    campaign_id = campaign(db)
    for number in range(11):
        db.execute(
            "insert into smartengage.run (campaign_id, trigger_key, planned_at, candidates) values (%s, %s, %s, 0)",
            [campaign_id, f"run {number}", NOW + number * DAY],
        )
    detail = value(db, "select smartengage.campaign_detail(%s, %s)", campaign_id, NOW)
    assert [run["trigger_key"] for run in detail["runs"]] == [f"run {number}" for number in range(10, 0, -1)]
    names = [one["guardrail"] for one in detail["guardrails"]]
    assert names == sorted(names)
    assert names
    with pytest.raises(psycopg.Error) as refusal:
        value(db, "select smartengage.campaign_detail(%s, %s)", uuid4(), NOW)
    assert refusal.value.sqlstate == "SH404"


REACHED = ("delivered", "opened", "clicked", "booked", "bounced", "in_doubt")


@pytest.mark.parametrize(
    ("outcome", "event", "reached"),
    [
        ("accepted", None, set()),
        ("accepted", {"kind": "delivered"}, {"delivered"}),
        ("accepted", {"kind": "opened"}, {"delivered", "opened"}),
        ("accepted", {"kind": "clicked"}, {"delivered", "opened", "clicked"}),
        ("accepted", {"kind": "opened", "is_machine": True}, None),
        ("accepted", {"kind": "bounced", "detail": {"bounce": "hard"}}, {"bounced"}),
        ("unknown", None, {"in_doubt"}),
    ],
)
def test_the_furthest_state_of_a_message(
    db: Db, outcome: str, event: dict[str, Any] | None, reached: set[str] | None
) -> None:
    """None: the same as without the event, or delivered at most."""
    without_global_control(db)
    campaign_id, home = campaign(db), service(db, category="beauty")
    profile(db, reader(db), home, segment="at_risk")
    plan(db, campaign_id)
    planned = row(db, "select message_id, due_at from outreach.message")
    assert rows(db, "select * from smartengage.message_funnel") == []
    claim(db, planned["due_at"])
    record_outcome(db, planned["message_id"], outcome, planned["due_at"] + MICRO)
    if event:
        record_event(db, planned["message_id"], moment=planned["due_at"] + 2 * MICRO, **event)
    found = row(db, "select * from smartengage.message_funnel")
    assert (found["message_id"], found["sent_at"]) == (planned["message_id"], planned["due_at"])
    assert (found["segment"], found["category"], found["channel"]) == ("at_risk", "beauty", "email")
    assert (found["campaign_id"], found["origin"]) == (campaign_id, "house")
    got = {name for name in REACHED if found[name]}
    assert got == reached if reached is not None else got <= {"delivered"}


@pytest.mark.parametrize("limit", [1, 2, 3, 4])
def test_messages_are_listed_once_each_the_last_first(db: Db, limit: int) -> None:
    without_global_control(db)
    campaign_id, home = campaign(db), service(db)
    users = [reader(db) for _ in range(3)]
    for user in users:
        profile(db, user, home)
    run = plan(db, campaign_id)
    page = "select smartengage.campaign_messages(%s, %s, %s, %s, %s, %s, %s)"
    seen: list[str] = []
    cursor, pages = None, 0
    while pages == 0 or cursor:
        found = value(db, page, campaign_id, None, None, None, None, cursor, limit)
        seen += [item["message_id"] for item in found["items"]]
        cursor, pages = found["next_cursor"], pages + 1
    expected = [str(m["message_id"]) for m in rows(db, "select message_id from outreach.message order by 1 desc")]
    assert seen == expected
    assert pages == -(-3 // limit)

    def listed(*filters: Any) -> int:
        return len(value(db, page, *filters, None, 10)["items"])

    assert listed(None, run["run_id"], None, None, None) == 3
    assert listed(None, None, users[0], None, None) == 1
    assert listed(None, None, None, ["scheduled"], "email") == 3
    assert listed(None, None, None, ["sent", "failed"], None) == listed(None, None, None, None, "sms") == 0
    assert listed(campaign(db), None, None, None, None) == listed(uuid4(), run["run_id"], None, None, None) == 0
