"""The preview of a campaign over HTTP: requested, computed by the worker process, fetched; nothing else changes."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import httpx2
import pytest
from psycopg import Connection

from app.endpoints.campaign import CampaignPreview
from tests.app.people import bearer
from tests.candidates import profile
from tests.conftest import Clock
from tests.marketplace import campaign, person, service
from tests.outbox import DAY, NOW, reader, set_rule, value

Db = Connection[Any]


@pytest.fixture
def admin(db: Db, clock: Clock) -> dict[str, str]:
    return bearer(db, person(db, role="admin", email=None))


def test_a_dry_run_and_a_preview_with_other_values(app: httpx2.Client, db: Db, admin: dict[str, str]) -> None:
    set_rule(db, "holdout.global_share", 0)
    home = service(db)
    for days, segment in ((1, "repeat"), (2, "at_risk"), (5, "inactive")):
        profile(db, reader(db), home, segment=segment, expected_at=NOW + days * DAY)
    profile(db, person(db), home)
    path = f"/admin/campaigns/{campaign(db, status='draft')}/preview"
    dry = app.post(path, headers=admin, json={})
    body = {
        "rules": {"reminder.lead": 5},
        "segments": ["repeat", "inactive"],
        "holdout_share": 1,
        "window_from": "10:00",
    }
    other = app.post(path, headers=admin, json=body)
    results = []
    for answer in (dry, other):
        assert answer.status_code == 202, answer.text
        asked = CampaignPreview.model_validate_json(answer.content)
        assert (asked.status, asked.result) == ("queued", None)
        assert value(db, "select jobs.run_preview(%s)", asked.preview_id)["done"]
        found = CampaignPreview.model_validate_json(app.get(f"{path}/{asked.preview_id}", headers=admin).content)
        assert (found.status, found.rules, found.expires_at) == ("done", asked.rules, asked.requested_at + DAY)
        assert found.result is not None
        results.append(found.result)
    today = results[0].today
    assert today == results[0].tried == results[1].today
    assert (today.candidates, today.messages, today.ghosts, today.refusals) == (3, 2, 0, {"no_consent": 1})
    assert {one.segment: one.messages for one in today.segments} == {"repeat": 1, "at_risk": 1}
    tried = results[1].tried
    assert (tried.candidates, tried.messages, tried.ghosts, tried.refusals) == (3, 0, 2, {"no_consent": 1})
    assert {one.segment: one.ghosts for one in tried.segments} == {"repeat": 1, "inactive": 1}
    assert value(db, "select count(*) from smartengage.run") == 0


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"rules": {"reminder.leed": 3}}, "rules.reminder.leed"),
        ({"rules": {"reminder.lead": 31}}, "rules.reminder.lead"),
        ({"rules": {"reminder.lead": "3"}}, "rules.reminder.lead"),
        ({"rules": []}, "rules"),
        ({"holdout_share": 1.01}, "holdout_share"),
        ({"window_from": "25:00"}, "window_from"),
        ({"window_from": "20:30"}, "window_until"),
        ({"segments": ["everybody"]}, "segments"),
        ({"channels": ["sms"]}, "channels"),
    ],
)
def test_an_invalid_value_is_refused_with_its_field(
    app: httpx2.Client, db: Db, admin: dict[str, str], body: Any, field: str
) -> None:
    before = value(db, "select count(*) from smartengage.preview")
    answer = app.post(f"/admin/campaigns/{campaign(db)}/preview", headers=admin, json=body)
    assert answer.status_code == 422, answer.text
    assert [error["field"].split(".0")[0] for error in answer.json()["errors"]] == [field]
    assert value(db, "select count(*) from smartengage.preview") == before


def test_what_if_of_a_planning_rule_points_to_the_preview(app: httpx2.Client, admin: dict[str, str]) -> None:
    answer = app.post("/admin/policy/reminder.lead/what-if", headers=admin, json={"value": 5})
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["field"]) == (422, "rule")
    assert "POST /admin/campaigns/{campaign_id}/preview" in answer.json()["detail"]


def test_a_preview_is_for_admins_and_belongs_to_one_campaign(app: httpx2.Client, db: Db, admin: dict[str, str]) -> None:
    mine, other = campaign(db), campaign(db)
    preview_id = app.post(f"/admin/campaigns/{mine}/preview", headers=admin, json={}).json()["preview_id"]
    customer = bearer(db, person(db))
    for path in (f"/admin/campaigns/{mine}/preview", f"/admin/campaigns/{mine}/preview/{preview_id}"):
        method = "GET" if path.endswith(preview_id) else "POST"
        assert app.request(method, path, headers=customer).status_code == 403
    assert app.get(f"/admin/campaigns/{other}/preview/{preview_id}", headers=admin).status_code == 404
    assert app.post(f"/admin/campaigns/{uuid4()}/preview", headers=admin, json={}).status_code == 404
