"""The overview of outreach on the dashboard."""

from __future__ import annotations

from typing import Any

from psycopg import Connection

from app.endpoints.dashboard import Overview
from tests.conftest import Clock, Connect
from tests.marketplace import campaign, person, rhythm, service
from tests.outbox import DAY, NOW, claim, record_event, record_outcome, row, set_rule, value
from tests.sessions import admin


def test_what_was_sent_and_what_was_not(db: Connection[Any], connect: Connect, clock: Clock) -> None:
    set_rule(db, "holdout.global_share", 0)
    home = service(db)
    for consents in (["email"], []):
        rhythm(db, person(db, consents=consents), home, last=NOW - 26 * DAY)
    value(db, "select smartengage.refresh_snapshots(%s)", NOW)
    value(db, "select smartengage.plan_reminder_run(%s, 'once', %s)", campaign(db), NOW)
    planned = row(db, "select message_id, due_at from outreach.message")
    claim(db, planned["due_at"])
    record_outcome(db, planned["message_id"], "accepted", planned["due_at"])
    record_event(db, planned["message_id"], "opened", planned["due_at"])
    clock.set(planned["due_at"] + DAY)
    operations = admin(db, connect(role="shokti_app"))

    week = Overview.model_validate(operations.ask("metrics_overview", days=7))
    (engaged,) = week.engagement
    assert (engaged.segment, engaged.sent, engaged.opened, engaged.clicked) == ("repeat", 1, 1, 0)
    assert (week.texts.house, week.texts.model, week.texts.house_share) == (1, 0, 1)
    assert [(r.gate, r.reason, r.refusals) for r in week.refusals] == [("plan", "no_consent", 1)]
    assert {s.segment: s.customers for s in week.segments}["repeat"] == 2
    assert "smartengage.predicted_booking" in {f.snapshot for f in week.freshness}

    # Sent yesterday: within the last two local days, not within today.
    assert len(Overview.model_validate(operations.ask("metrics_overview", days=2)).engagement) == 1
    today = Overview.model_validate(operations.ask("metrics_overview", days=1))
    assert (today.engagement, today.refusals, today.texts.house_share) == ([], [], None)
