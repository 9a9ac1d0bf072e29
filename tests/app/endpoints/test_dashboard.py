"""Figures and alerts for operations, over HTTP."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import httpx2
import pytest
from psycopg import Connection

from app.endpoints.dashboard import Alert, Alerts, Overview, UpliftMetrics
from tests.app.people import bearer
from tests.conftest import Clock
from tests.marketplace import person, service
from tests.outbox import DAY, NOW, row, set_rule, value
from tests.smartengage.test_experiment import decided, measured, run

Db = Connection[Any]


@pytest.fixture
def admin(db: Db) -> dict[str, str]:
    return bearer(db, person(db, role="admin", email=None))


def test_before_anything_was_measured(app: httpx2.Client, admin: dict[str, str]) -> None:
    answer = UpliftMetrics.model_validate_json(app.get("/admin/metrics/uplift", headers=admin).content)
    assert (answer.as_of, answer.overall, answer.campaigns) == (None, None, [])


def test_uplift_of_campaigns(app: httpx2.Client, db: Db, clock: Clock, admin: dict[str, str]) -> None:
    set_rule(db, "uplift.min_sample", 20)
    campaign_id = measured(db, messages=30, ghosts=20)
    run_id, home = run(db, campaign_id, 1), service(db)
    for outcome in ("global_control", "message"):
        decided(db, run_id, person(db), home, outcome)
    value(db, "select smartengage.refresh_uplift(%s)", NOW + 9 * DAY)
    answer = UpliftMetrics.model_validate_json(app.get("/admin/metrics/uplift", headers=admin).content)
    assert answer.as_of == NOW + 9 * DAY
    (found,) = answer.campaigns
    assert (found.campaign_id, found.messages, found.ghosts, found.verdict) == (campaign_id, 31, 20, "more")
    assert [s.segment for s in found.segments] == ["at_risk", "repeat"]
    assert answer.overall is not None
    assert (answer.overall.due, answer.overall.controls, answer.overall.verdict) == (51, 1, "too_early")


def test_overview(app: httpx2.Client, admin: dict[str, str]) -> None:
    answer = Overview.model_validate_json(app.get("/admin/metrics/overview?days=7", headers=admin).content)
    assert answer.since < answer.as_of


@pytest.mark.parametrize("path", ["/admin/metrics/overview", "/admin/metrics/uplift"])
def test_figures_are_for_admins(app: httpx2.Client, db: Db, path: str) -> None:
    assert app.get(path).status_code == 401
    assert app.get(path, headers=bearer(db, person(db))).status_code == 403


@pytest.mark.parametrize("days", ["0", "93", "x"])
def test_invalid_days(app: httpx2.Client, admin: dict[str, str], days: str) -> None:
    assert app.get(f"/admin/metrics/overview?days={days}", headers=admin).status_code == 422


def test_alerts_are_listed_and_acknowledged_once(app: httpx2.Client, db: Db, clock: Clock) -> None:
    db.execute("truncate policy.alert")
    user_id = person(db, role="admin", email=None)
    admin = bearer(db, user_id)

    def listed(**query: Any) -> Alerts:
        return Alerts.model_validate_json(app.get("/admin/alerts", params=query, headers=admin).content)

    raised = "select policy.raise_alert('campaign_stopped', %s, '{\"hits\": 9}', clock.now())"
    ids = []
    for subject in ("campaign 1", "campaign 2", "campaign 3"):
        ids.append(value(db, raised, subject))
        clock.advance(minutes=1)
    page = listed(limit=2)
    assert [a.alert_id for a in page.items] == ids[:0:-1]
    assert page.next_cursor is not None
    rest = listed(limit=2, cursor=page.next_cursor)
    assert ([a.alert_id for a in rest.items], rest.next_cursor) == (ids[:1], None)

    path = f"/admin/alerts/{ids[0]}/acknowledge"
    done = Alert.model_validate_json(app.post(path, json={"outcome": "the text was wrong"}, headers=admin).content)
    assert (done.acknowledged_by, done.outcome) == (user_id, "the text was wrong")
    again = Alert.model_validate_json(app.post(path, json={"outcome": "no, it was right"}, headers=admin).content)
    assert again == done
    assert [a.alert_id for a in listed(status="open").items] == ids[:0:-1]
    assert listed(kind="campaign_failed").items == []
    assert app.post(f"/admin/alerts/{uuid4()}/acknowledge", json={}, headers=admin).status_code == 404
    noted = row(db, "select actor, detail from policy.audit where action = 'acknowledge_alert'")
    assert (noted["actor"], noted["detail"]["reason"]) == (str(user_id), "the text was wrong")
    # An acknowledged alert can be raised again.
    assert value(db, raised, "campaign 1") is not None
