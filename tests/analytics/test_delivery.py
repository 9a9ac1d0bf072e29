"""Runs, refusals and exemptions as analysts read them."""

from __future__ import annotations

from typing import Any

from psycopg import Connection

from tests.candidates import plan, profile, without_global_control
from tests.conftest import Connect
from tests.marketplace import campaign, service
from tests.outbox import NOW, claim, reader, record_outcome, row, rows, value, withdraw

Db = Connection[Any]


def test_runs_and_refusals_of_both_gates(db: Db, connect: Connect) -> None:
    """Of four candidates one is refused at planning, one at the claim, one is sent, and one fails."""
    without_global_control(db)
    home, campaign_id = service(db), campaign(db, name="reminders of a day")
    stays, leaves, fails = reader(db), reader(db), reader(db)
    for user in (stays, leaves, fails, reader(db, consents=())):
        profile(db, user, home, segment="at_risk" if user == leaves else "repeat")
    run = plan(db, campaign_id)
    due = value(db, "select max(due_at) from outreach.message")
    withdraw(db, leaves, NOW)
    claim(db, due)
    for user, outcome in ((stays, "accepted"), (fails, "refused")):
        found = row(db, "select message_id from outreach.message where user_id = %s", user)
        record_outcome(db, found["message_id"], outcome, due)

    analyst = connect(role="shokti_analyst")
    seen = row(analyst, "select * from analytics.run")
    assert str(seen.pop("run_id")) == run["run_id"]
    assert seen == {
        "campaign": "reminders of a day", "trigger_key": seen["trigger_key"], "as_of": NOW, "candidates": 4, "messages": 3,
        "ghosts": 0, "refused": 1, "sent": 1, "in_doubt": 0, "expired": 0, "refused_at_claim": 1, "failed": 1, "waiting": 0,
        "identity_holds": True,
    }  # fmt: skip
    refusals = rows(analyst, "select * from analytics.refusal order by gate desc, segment desc")
    consent = value(db, "select policy.version('consent', %s)", NOW)
    assert [(r["gate"], r["segment"], r["reason"], r["rule"], r["refusals"]) for r in refusals][:1] == [
        ("plan", "repeat", "no_consent", "consent", 1)
    ]
    assert {(r["gate"], r["segment"], r["rule"], r["rule_version"], r["refusals"]) for r in refusals if r["rule"]} >= {
        ("plan", "repeat", "consent", consent, 1),
        ("claim", "at_risk", "consent", consent, 1),
    }
    assert sum(r["refusals"] for r in refusals if r["gate"] == "claim") == 2
