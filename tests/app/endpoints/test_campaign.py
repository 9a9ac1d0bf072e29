"""Campaigns over HTTP, from creation to stop; single and bulk sends; runs requested by our own programs."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
from psycopg import Connection

from app.endpoints.campaign import (
    BulkAsked,
    Campaign,
    CampaignDetail,
    CampaignMessages,
    Campaigns,
    RunAsked,
    RunsAsked,
    SingleSent,
    StoppedCampaign,
)
from app.sign_in import program_tokens
from tests.app.people import bearer
from tests.app.serving import Edge
from tests.candidates import profile
from tests.conftest import Clock
from tests.marketplace import person, service
from tests.outbox import DAY, HOUR, NOW, claim, reader, record_outcome, row, rows, set_rule, value

Db = Connection[Any]

_serial = count(1)


class Admin:
    """An admin with a recent sign-in."""

    def __init__(self, app: httpx2.Client, db: Db) -> None:
        self.app = app
        self.user_id = person(db, role="admin", email=None)
        self.headers = bearer(db, self.user_id)

    def get(self, path: str, **query: Any) -> httpx2.Response:
        return self.app.get(path, params=query, headers=self.headers)

    def post(self, path: str, **body: Any) -> httpx2.Response:
        return self.app.post(path, json=body, headers=self.headers)


@pytest.fixture
def admin(app: httpx2.Client, db: Db, clock: Clock) -> Admin:
    """The tests of this module share a database: removes what earlier tests left."""
    db.execute("truncate outreach.campaign_hold, policy.alert, queue.pgqueuer")
    db.execute("delete from smartengage.candidate")
    db.execute("delete from smartengage.predicted_booking")
    db.execute("delete from smartengage.customer_segment")
    db.execute("update smartengage.campaign set status = 'stopped' where status <> 'stopped'")
    if value(db, "select policy.number('holdout.global_share', clock.now())") > 0:
        set_rule(db, "holdout.global_share", 0)
    return Admin(app, db)


def new(admin: Admin, **given: Any) -> Campaign:
    body = {"name": f"campaign {next(_serial)}", "segments": ["repeat"], "reason": "a test"} | given
    answer = admin.post("/admin/campaigns", **body)
    assert answer.status_code == 201, answer.text
    return Campaign.model_validate_json(answer.content)


def due(db: Db, number: int, segment: str = "repeat") -> list[UUID]:
    """Customers who are due for a reminder."""
    home = service(db)
    users = [reader(db) for _ in range(number)]
    for user in users:
        profile(db, user, home, segment=segment)
    return users


def planned(db: Db, asked: RunAsked | dict[str, Any]) -> dict[str, Any]:
    """Plans as the worker process does, without its refresh, because the profiles here are inserted by the test."""
    job = row(
        db, "select convert_from(payload, 'UTF8')::jsonb as p from queue.pgqueuer where entrypoint = 'plan'"
    )["p"]  # fmt: skip
    db.execute("delete from queue.pgqueuer where entrypoint = 'plan'")
    run: dict[str, Any] = value(
        db, "select smartengage.plan_run_or_fail(%s, %s, %s, %s)",
        job["campaign_id"], job["trigger_key"], NOW, job.get("segments"),
    )  # fmt: skip
    return run


def test_a_campaign_from_creation_to_stop(admin: Admin, db: Db) -> None:
    users = due(db, 6)
    due(db, 1, "at_risk")
    made = new(admin, name="tea time", holdout_share=0, canary_share=1)
    assert (made.status, made.kind, made.last_run, made.created_by) == ("draft", "reminder", None, str(admin.user_id))

    trace_id = uuid4().hex
    with_trace = admin.headers | {"traceparent": f"00-{trace_id}-00f067aa0ba902b7-01"}
    asking = {"campaign_id": str(made.campaign_id), "segment": "repeat", "reason": "go now"}
    answer = admin.app.post("/admin/campaigns/run", json=asking, headers=with_trace)
    assert answer.status_code == 202, answer.text
    assert value(db, "select headers ->> 'traceparent' from queue.pgqueuer where entrypoint = 'plan'")[3:35] == trace_id
    asked = RunAsked.model_validate_json(answer.content)
    assert (asked.trigger_key, asked.run_id) == ("asked repeat 2026-11-23", None)
    again = admin.post("/admin/campaigns/run", campaign_id=str(made.campaign_id), segment="repeat", reason="go now")
    assert again.json() == answer.json()
    run = planned(db, asked)
    assert (run["candidates"], run["messages"]) == (6, 6)

    path = f"/admin/campaigns/{made.campaign_id}"
    assert CampaignDetail.model_validate_json(admin.post(f"{path}/pause", reason="wait").content).status == "paused"
    assert claim(db, NOW + DAY)["claimed"] == 0
    assert CampaignDetail.model_validate_json(admin.post(f"{path}/resume", reason="go on").content).status == "running"
    first, second = claim(db, NOW + DAY, limit=2)["messages"]
    record_outcome(db, first["message_id"], "accepted", NOW + DAY)

    stopped = StoppedCampaign.model_validate_json(admin.post(f"{path}/stop", reason="wrong text").content)
    assert stopped.status == "stopped"
    assert (stopped.stopped.went, stopped.stopped.in_hand, stopped.stopped.refused) == (1, 1, 4)
    assert claim(db, NOW + DAY)["claimed"] == 0
    (figures,) = stopped.runs
    assert (figures.sent, figures.waiting, figures.refused_at_claim) == (1, 1, 4)
    assert figures.identity_holds
    assert {g.guardrail for g in stopped.guardrails} == {"opt_outs", "complaints", "bounces", "sample_ratio"}

    went = CampaignMessages.model_validate_json(
        admin.get("/admin/ai-messages", campaign_id=str(made.campaign_id), state="sent,claimed").content
    )
    assert {str(m.message_id) for m in went.items} == {first["message_id"], second["message_id"]}
    assert {m.user_id for m in went.items} <= set(users)
    noted = rows(
        db, "select action, actor, detail ->> 'reason' as reason from policy.audit where subject = %s"
        " order by happened_at, audit_id", f"campaign {made.campaign_id}",
    )  # fmt: skip
    assert [(n["action"], n["reason"]) for n in noted] == [
        ("campaign_created", "a test"), ("campaign_running", "go now"),
        ("campaign_run", "go now"), ("campaign_run", "go now"),
        ("campaign_paused", "wait"), ("campaign_running", "go on"), ("campaign_stopped", "wrong text"),
    ]  # fmt: skip
    assert {n["actor"] for n in noted} == {str(admin.user_id)}


def test_one_run_is_stopped(admin: Admin, db: Db) -> None:
    due(db, 2)
    made = new(admin, holdout_share=0, canary_share=1)
    asked = admin.post("/admin/campaigns/run", campaign_id=str(made.campaign_id), reason="go now").json()
    run = planned(db, asked)
    answer = admin.post(f"/admin/campaigns/{made.campaign_id}/stop", run_id=run["run_id"], reason="wrong text")
    stopped = StoppedCampaign.model_validate_json(answer.content)
    assert (stopped.status, stopped.stopped.refused) == ("running", 2)
    assert admin.post(f"/admin/campaigns/{made.campaign_id}/stop", run_id=str(uuid4()), reason="xxx").status_code == 404


def test_a_campaign_is_scheduled_flagged_and_widened(admin: Admin, db: Db, clock: Clock) -> None:
    due(db, 1)
    made = new(admin, starts_at="2026-11-23T06:00:00Z", ends_at="2026-12-01T00:00:00Z", canary_share=0.5)
    assert (made.status, made.starts_at) == ("scheduled", NOW + 2 * HOUR)
    path = f"/admin/campaigns/{made.campaign_id}"
    off = CampaignDetail.model_validate_json(admin.post(f"{path}/flag", enabled=False, reason="not yet").content)
    assert (off.enabled, off.status) == (False, "scheduled")
    wide = CampaignDetail.model_validate_json(admin.post(f"{path}/widen", reason="too small to prove").content)
    assert wide.widened_at == NOW
    clock.advance(hours=2)
    assert value(db, "select jobs.sweep()")["started"] == 1
    now = CampaignDetail.model_validate_json(admin.get(path).content)
    assert (now.status, now.changed_by) == ("running", "schedule")
    assert now.version == 4


def test_campaigns_are_listed_by_status_in_pages(admin: Admin, db: Db) -> None:
    due(db, 1)
    made = [new(admin).campaign_id for _ in range(3)]
    admin.post(f"/admin/campaigns/{made[1]}/resume", reason="go now")
    first = Campaigns.model_validate_json(admin.get("/admin/campaigns", status="draft,running", limit=2).content)
    assert first.next_cursor is not None
    rest = Campaigns.model_validate_json(
        admin.get("/admin/campaigns", status="draft,running", limit=2, cursor=first.next_cursor).content
    )
    assert [c.campaign_id for c in first.items + rest.items] == made[::-1]
    assert rest.next_cursor is None
    running = Campaigns.model_validate_json(admin.get("/admin/campaigns", status="running").content)
    assert [c.campaign_id for c in running.items] == [made[1]]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "   "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"segments": []}, "segments"),
        ({"segments": ["asleep"]}, "segments.0"),
        ({"segments": ["inactive"]}, "segments"),
        ({"segments": ["new", "repeat", "at_risk", "inactive"]}, "segments"),
        ({"channels": []}, "channels"),
        ({"channels": ["pigeon"]}, "channels.0"),
        ({"holdout_share": 1.01}, "holdout_share"),
        ({"holdout_share": -0.01}, "holdout_share"),
        ({"canary_share": 2}, "canary_share"),
        ({"canary_share": "NaN"}, "canary_share"),
        ({"window_from": "9:00"}, "window_from"),
        ({"window_from": "09:00", "window_until": "09:00"}, "window_until"),
        ({"window_until": "24:00"}, "window_until"),
        ({"ends_at": "2026-11-23T04:00:00Z"}, "ends_at"),
        ({"starts_at": "2026-11-25T04:00:00Z", "ends_at": "2026-11-25T04:00:00Z"}, "ends_at"),
        ({"reason": ""}, "reason"),
        ({"status": "running"}, "status"),
    ],
)
def test_an_invalid_campaign_is_refused_with_its_field_and_changes_nothing(
    admin: Admin, db: Db, wrong: dict[str, Any], field: str
) -> None:
    due(db, 1)
    before = value(db, "select count(*) from smartengage.campaign")
    body = {"name": f"campaign {next(_serial)}", "segments": ["repeat"], "reason": "a test"} | wrong
    answer = admin.post("/admin/campaigns", **body)
    assert answer.status_code == 422, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert value(db, "select count(*) from smartengage.campaign") == before


def test_a_name_is_unique(admin: Admin, db: Db) -> None:
    due(db, 1)
    made = new(admin)
    again = admin.post("/admin/campaigns", name=made.name, segments=["repeat"], reason="a test")
    assert (again.status_code, again.json()["errors"][0]["field"]) == (409, "name")


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/admin/campaigns/run", {"campaign_id": "unknown"}, 404),
        ("/admin/campaigns/run", {"segment": "at_risk"}, 422),
        ("/admin/campaigns/run", {"segment": "asleep"}, 422),
        ("/admin/campaigns/run", {"trigger_key": ""}, 422),
        ("/admin/campaigns/run", {"reason": "  "}, 422),
        ("/admin/campaigns/{}/pause", {}, 409),
        ("/admin/campaigns/{}/pause", {"reason": None}, 422),
        ("/admin/campaigns/{}/flag", {}, 422),
    ],
)
def test_an_invalid_action_is_refused_and_changes_nothing(
    admin: Admin, db: Db, path: str, body: dict[str, Any], status: int
) -> None:
    due(db, 1)
    made = new(admin)
    before = row(db, "select to_jsonb(c) as c from smartengage.campaign c where campaign_id = %s", made.campaign_id)
    given: dict[str, Any] = {"reason": "a test"} | body
    if "{}" not in path:
        given["campaign_id"] = str(uuid4() if body.get("campaign_id") else made.campaign_id)
    answer = admin.post(path.format(made.campaign_id), **given)
    assert answer.status_code == status, answer.text
    after = row(db, "select to_jsonb(c) as c from smartengage.campaign c where campaign_id = %s", made.campaign_id)
    assert after == before
    assert value(db, "select count(*) from queue.pgqueuer") == 0


def test_a_stopped_campaign_cannot_be_resumed(admin: Admin, db: Db) -> None:
    due(db, 1)
    path = f"/admin/campaigns/{new(admin).campaign_id}"
    assert admin.post(f"{path}/stop", reason="over").status_code == 200
    assert admin.post(f"{path}/stop", reason="over again").status_code == 200
    for act in ("resume", "pause", "widen"):
        assert admin.post(f"{path}/{act}", reason="no, on").status_code == 409


# An id of nothing; a constant, because it is part of test ids and these must be the same in every process.
NOWHERE = "01a2129a-0000-7000-8000-000000000000"
FRESH: list[tuple[str, dict[str, Any]]] = [
    ("/admin/campaigns", {"name": "x", "segments": ["repeat"]}),
    ("/admin/campaigns/run", {"campaign_id": NOWHERE}),
    (f"/admin/campaigns/{NOWHERE}/resume", {}),
    (f"/admin/campaigns/{NOWHERE}/widen", {}),
    (f"/admin/campaigns/{NOWHERE}/flag", {"enabled": True}),
    ("/admin/smartengage/send-single", {"user_id": NOWHERE, "template_id": NOWHERE}),
    ("/admin/smartengage/send-bulk", {"name": "x", "segments": ["repeat"], "template_id": NOWHERE}),
]


@pytest.mark.parametrize(("path", "body"), FRESH)
def test_actions_that_send_messages_need_a_recent_sign_in(
    admin: Admin, clock: Clock, path: str, body: dict[str, Any]
) -> None:
    clock.advance(minutes=10)
    answer = admin.post(path, reason="a test", **body)
    assert (answer.status_code, "Sign in again" in answer.json()["detail"]) == (403, True)


def test_pause_and_stop_need_no_recent_sign_in(admin: Admin, db: Db, clock: Clock) -> None:
    due(db, 1)
    made = new(admin)
    admin.post(f"/admin/campaigns/{made.campaign_id}/resume", reason="go now")
    clock.advance(minutes=10)
    for act in ("pause", "stop"):
        assert admin.post(f"/admin/campaigns/{made.campaign_id}/{act}", reason="hold on").status_code == 200


@pytest.mark.parametrize("role", ["customer", "worker"])
def test_these_paths_are_for_admins(app: httpx2.Client, db: Db, clock: Clock, role: str) -> None:
    headers = bearer(db, person(db, role=role))
    stop: tuple[str, dict[str, Any]] = (f"/admin/campaigns/{uuid4()}/stop", {})
    for path, body in [*FRESH, stop]:
        assert app.post(path, json=body | {"reason": "a test"}, headers=headers).status_code == 403
    for path in ("/admin/campaigns", f"/admin/campaigns/{uuid4()}", "/admin/ai-messages", "/admin/alerts"):
        assert app.get(path, headers=headers).status_code == 403
        assert app.get(path).status_code == 401


# Messages and sends -------------------------------------------------------------------------------------------------


def announcement(db: Db) -> str:
    found = value(
        db, "select template_id from text.template where kind = 'announcement' and variant = 'delay'"
        " and language = 'bn'",
    )  # fmt: skip
    return str(found)


def test_messages_are_listed_by_every_filter_in_pages(admin: Admin, db: Db) -> None:
    users = [reader(db) for _ in range(5)]
    sent = admin.post(
        "/admin/smartengage/send-bulk", name=f"bulk {next(_serial)}", user_ids=[str(u) for u in users],
        template_id=announcement(db), reason="a test",
    )  # fmt: skip
    assert sent.status_code == 202, sent.text
    done = BulkAsked.model_validate_json(sent.content)
    assert (done.people, done.run_id, done.preview) == (5, None, None)
    detail = CampaignDetail.model_validate_json(admin.get(f"/admin/campaigns/{done.campaign_id}").content)
    assert (detail.status, detail.runs) == ("running", [])
    # As the worker process does.
    value(db, "select jobs.plan_campaign(%s, %s)", done.campaign_id, done.trigger_key)
    detail = CampaignDetail.model_validate_json(admin.get(f"/admin/campaigns/{done.campaign_id}").content)
    (planned,) = detail.runs
    assert (planned.trigger_key, planned.candidates, planned.messages) == (done.trigger_key, 5, 5)

    def listed(**query: Any) -> CampaignMessages:
        answer = admin.get("/admin/ai-messages", **query)
        assert answer.status_code == 200, answer.text
        return CampaignMessages.model_validate_json(answer.content)

    ours = {"campaign_id": str(done.campaign_id)}
    seen: list[UUID] = []
    page = listed(**ours, limit=2)
    while True:
        seen += [m.message_id for m in page.items]
        if page.next_cursor is None:
            break
        page = listed(**ours, limit=2, cursor=page.next_cursor)
    assert len(seen) == len(set(seen)) == 5
    assert seen == sorted(seen, reverse=True)
    assert len(listed(run_id=str(planned.run_id)).items) == 5
    assert [m.user_id for m in listed(user_id=str(users[0])).items] == [users[0]]
    assert listed(**ours, state="sent,delivered").items == []
    assert len(listed(**ours, state="scheduled", channel="email").items) == 5
    assert listed(**ours, channel="sms").items == []
    assert listed(campaign_id=str(uuid4())).items == []
    assert admin.get("/admin/ai-messages", state="lost").status_code == 422
    assert admin.get("/admin/ai-messages", cursor="forged").status_code in (400, 422)


def test_a_single_send_is_shown_then_sent_then_refused(admin: Admin, db: Db) -> None:
    user = reader(db)
    body = {"user_id": str(user), "template_id": announcement(db), "reason": "asked by phone"}
    shown = SingleSent.model_validate_json(admin.post("/admin/smartengage/send-single", **body, dry_run=True).content)
    assert (shown.outcome, shown.message_id) == ("message", None)
    assert shown.text is not None
    done = SingleSent.model_validate_json(admin.post("/admin/smartengage/send-single", **body).content)
    assert (done.outcome, done.text) == ("message", shown.text)
    again = SingleSent.model_validate_json(admin.post("/admin/smartengage/send-single", **body).content)
    assert (again.outcome, again.reason, again.rule) == ("refused", "already_sent", "announcement.once")
    assert value(db, "select count(*) from outreach.message where user_id = %s", user) == 1


def test_a_bulk_send_with_one_key_is_sent_once(admin: Admin, db: Db) -> None:
    body = {
        "name": f"bulk {next(_serial)}", "user_ids": [str(reader(db)) for _ in range(3)],
        "template_id": announcement(db), "reason": "a test",
    }  # fmt: skip
    headers = admin.headers | {"idempotency-key": str(uuid4())}
    first = admin.app.post("/admin/smartengage/send-bulk", json=body, headers=headers)
    again = admin.app.post("/admin/smartengage/send-bulk", json=body, headers=headers)
    assert (first.status_code, again.status_code, again.json()) == (202, 202, first.json())
    # Without the key the name is taken.
    assert admin.post("/admin/smartengage/send-bulk", **body).status_code == 409
    done = BulkAsked.model_validate_json(first.content)
    for _ in range(2):
        value(db, "select jobs.plan_campaign(%s, %s)", done.campaign_id, done.trigger_key)
    assert value(db, "select count(*) from outreach.message where campaign_id = %s", done.campaign_id) == 3


def test_a_dry_run_stores_nothing(admin: Admin, db: Db) -> None:
    users = [reader(db), reader(db), person(db)]
    jobs = value(db, "select count(*) from queue.pgqueuer")
    answer = admin.post(
        "/admin/smartengage/send-bulk", name=f"bulk {next(_serial)}", user_ids=[str(u) for u in users],
        template_id=announcement(db), reason="a test", dry_run=True,
    )  # fmt: skip
    shown = BulkAsked.model_validate_json(answer.content)
    assert (shown.campaign_id, shown.people) == (None, 3)
    assert shown.preview is not None
    assert (shown.preview.candidates, shown.preview.messages, shown.preview.refusals) == (3, 2, {"no_consent": 1})
    assert [p.user_id for p in shown.preview.refused_people] == [users[2]]
    assert [t.language for t in shown.preview.texts] == ["bn"]
    assert value(db, "select count(*) from outreach.message where user_id = any (%s)", users) == 0
    assert value(db, "select count(*) from queue.pgqueuer") == jobs


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"user_ids": []}, "user_ids"),
        ({"user_ids": ["someone"]}, "user_ids.0"),
        ({"segments": ["repeat"]}, "segments"),
        ({"user_ids": None}, "segments"),
        ({"template_id": str(uuid4())}, "template_id"),
        ({"canary_share": 1.5}, "canary_share"),
        ({"holdout_share": -1}, "holdout_share"),
        ({"reason": None}, "reason"),
        ({"name": " "}, "name"),
    ],
)
def test_an_invalid_bulk_send_is_refused_with_its_field(
    admin: Admin, db: Db, wrong: dict[str, Any], field: str
) -> None:
    before = value(db, "select count(*) from smartengage.campaign")
    body: dict[str, Any] = {
        "name": f"bulk {next(_serial)}", "user_ids": [str(reader(db))], "template_id": announcement(db),
        "reason": "a test",
    }  # fmt: skip
    answer = admin.post("/admin/smartengage/send-bulk", **(body | wrong))
    assert answer.status_code == 422, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert value(db, "select count(*) from smartengage.campaign") == before


# Our own programs ---------------------------------------------------------------------------------------------------


@pytest.fixture
def program(edge: Edge, db: Db, clock: Clock) -> Iterator[httpx2.Client]:
    """The client of a program with a token."""
    token = program_tokens.PREFIX + uuid4().hex
    value(
        db, "select (account.create_program_token(%s, %s, clock.now())).token_id",
        f"program-{next(_serial)}", program_tokens.token_hash(token),
    )  # fmt: skip
    with edge.client(authorization=f"Bearer {token}") as client:
        yield client


def test_a_program_runs_a_segment(admin: Admin, program: httpx2.Client, db: Db) -> None:
    due(db, 2)
    writes, another, paused = new(admin), new(admin, segments=["repeat", "new"]), new(admin)
    for one in (writes, another):
        admin.post(f"/admin/campaigns/{one.campaign_id}/resume", reason="go now")
    path = "/internal/ai/smartengage/run-segment"
    answer = program.post(path, json={"segment": "repeat"})
    assert answer.status_code == 202, answer.text
    asked = RunsAsked.model_validate_json(answer.content)
    assert {a.campaign_id for a in asked.items} == {writes.campaign_id, another.campaign_id}
    assert program.post(path, json={"segment": "repeat"}).json() == answer.json()
    assert value(db, "select count(*) from queue.pgqueuer where entrypoint = 'plan'") == 2
    (only,) = RunsAsked.model_validate_json(program.post(path, json={"segment": "new"}).content).items
    assert only.campaign_id == another.campaign_id
    named = {"segment": "repeat", "campaign_id": str(paused.campaign_id), "trigger_key": "at noon"}
    assert program.post(path, json=named).json()["items"][0]["trigger_key"] == "at noon"
    assert program.post(path, json=named | {"segment": "new"}).status_code == 422
    assert program.post(path, json=named | {"campaign_id": str(uuid4())}).status_code == 404
    assert admin.post(path, segment="repeat").status_code in (401, 403)
    actors = rows(db, "select distinct actor from policy.audit where action = 'campaign_run'")
    assert all(a["actor"].startswith("service program-") for a in actors if "program" in a["actor"])
    assert any("program" in a["actor"] for a in actors)
