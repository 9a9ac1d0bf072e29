"""Explain over HTTP: for admins, audited, and without personal data."""

from __future__ import annotations

from datetime import time
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from psycopg import Connection

from app.endpoints.explain import Explanation
from tests.app.people import bearer
from tests.conftest import Clock
from tests.marketplace import campaign, person, rhythm, service
from tests.outbox import DAY, NOW, message, rows, sent_by_hand, set_rule, value

Db = Connection[Any]


@pytest.fixture
def admin(db: Db) -> dict[str, str]:
    return bearer(db, person(db, role="admin", email=None))


def test_why_no_message_was_sent(app: httpx2.Client, db: Db, clock: Clock, admin: dict[str, str]) -> None:
    set_rule(db, "holdout.global_share", 0)
    user, home = person(db, email="rahima@example.com", phone="+8801712345678", consents=["email"]), service(db)
    rhythm(db, user, home, last=NOW - 26 * DAY)
    campaign_id = campaign(db)
    value(db, "select smartengage.refresh_snapshots(%s)", NOW)
    value(db, "select smartengage.plan_reminder_run(%s, 'once', %s)", campaign_id, NOW)
    used = [sent_by_hand(db, user, NOW - days * DAY) for days in (2, 5)]
    waiting = message(db, user, window_from=time(9), window_until=time(20, 30))
    answer = app.get(f"/admin/explain?user_id={user}", headers=admin)
    found = Explanation.model_validate_json(answer.content)
    assert found.user_id == user
    stages = {(a.stage, a.message_id): a for a in found.answers}
    planned = next(a for a in found.answers if a.stage == "plan")
    assert (planned.campaign_id, planned.service_id, planned.reason) == (campaign_id, home, "already_reminded")
    assert [g.gate for g in planned.gates][:5] == ["running", "history", "service", "segment", "not_booked"]
    claimed = stages["claim", waiting]
    assert (claimed.verdict, claimed.reason, claimed.rule) == ("defer", "capped", "outreach_weekly")
    assert claimed.frees_at == NOW + 2 * DAY
    cap = next(g for g in claimed.gates if g.reason == "capped")
    assert cap.evidence["message_ids"] == [str(one) for one in used]
    assert not [word for word in ("rahima", "example.com", "1712345678", "রহিমা") if word in answer.text]


def test_another_instant(app: httpx2.Client, db: Db, admin: dict[str, str]) -> None:
    user = person(db, consents=["email"])
    message(db, user, planned_at=NOW)
    for moment, answers in (("2026-11-23T03:59:59Z", 0), ("2026-11-23T04:00:00Z", 1)):
        found = app.get(f"/admin/explain?user_id={user}&at={moment}", headers=admin)
        assert len([a for a in found.json()["answers"] if a["stage"] == "claim"]) == answers


def test_each_explanation_is_audited(app: httpx2.Client, db: Db, admin: dict[str, str]) -> None:
    user = person(db)
    assert app.get(f"/admin/explain?user_id={user}&at=2026-11-23T04:00:00Z", headers=admin).status_code == 200
    (looked,) = rows(db, "select * from policy.audit where subject = %s", f"person {user}")
    assert (looked["action"], looked["detail"]) == ("explain", {"at": "2026-11-23T04:00:00+00:00"})
    assert value(db, "select role from account.person where user_id = %s::uuid", looked["actor"]) == "admin"


def test_only_for_admins_and_known_people(app: httpx2.Client, db: Db, admin: dict[str, str]) -> None:
    user = person(db)
    assert app.get(f"/admin/explain?user_id={user}").status_code == 401
    assert app.get(f"/admin/explain?user_id={user}", headers=bearer(db, user)).status_code == 403
    assert app.get(f"/admin/explain?user_id={uuid4()}", headers=admin).status_code == 404
    assert app.get("/admin/explain", headers=admin).status_code == 422
