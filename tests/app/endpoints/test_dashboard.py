"""The figures that operations look at, over HTTP."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest
from psycopg import Connection

from app.endpoints.dashboard import Overview, UpliftMetrics
from tests.app.people import bearer
from tests.conftest import Clock
from tests.marketplace import person, service
from tests.outbox import DAY, NOW, set_rule, value
from tests.smartengage.test_experiment import decided, measured, run

Db = Connection[Any]


@pytest.fixture
def admin(db: Db) -> dict[str, str]:
    return bearer(db, person(db, role="admin", email=None))


def test_before_anything_was_measured(app: httpx2.Client, admin: dict[str, str]) -> None:
    answer = UpliftMetrics.model_validate_json(app.get("/admin/metrics/uplift", headers=admin).content)
    assert (answer.as_of, answer.overall, answer.campaigns) == (None, None, [])


def test_what_campaigns_brought(app: httpx2.Client, db: Db, clock: Clock, admin: dict[str, str]) -> None:
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


def test_how_outreach_is_doing(app: httpx2.Client, admin: dict[str, str]) -> None:
    answer = Overview.model_validate_json(app.get("/admin/metrics/overview?days=7", headers=admin).content)
    assert answer.since < answer.as_of


@pytest.mark.parametrize("path", ["/admin/metrics/overview", "/admin/metrics/uplift"])
def test_figures_are_for_admins(app: httpx2.Client, db: Db, path: str) -> None:
    assert app.get(path).status_code == 401
    assert app.get(path, headers=bearer(db, person(db))).status_code == 403


@pytest.mark.parametrize("days", ["0", "93", "x"])
def test_days_that_are_none(app: httpx2.Client, admin: dict[str, str], days: str) -> None:
    assert app.get(f"/admin/metrics/overview?days={days}", headers=admin).status_code == 422
