"""What admins change without code, over HTTP: two of them for what protects people less, and the log of all of it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from psycopg import Connection

from app.endpoints.policy import AuditPage, Calendar, Policy, QuietPeriod, Segments, SegmentsChanged
from tests import marketplace
from tests.app.admins import AdminClient, admin_client
from tests.app.problems import problem
from tests.app.serving import Edge, serving
from tests.conftest import Clock
from tests.outbox import DAY, NOW, claim, message, reader, rows, set_rule, state, value

Db = Connection[Any]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def edge(database_url: str) -> Iterator[Edge]:
    """On a database of the test's own: what admins set holds for everybody."""
    with serving(database_url) as running:
        yield running


@pytest.fixture
def one(edge: Edge, db: Db) -> Iterator[AdminClient]:
    with admin_client(edge, db) as admin:
        yield admin


@pytest.fixture
def two(edge: Edge, db: Db) -> Iterator[AdminClient]:
    with admin_client(edge, db) as admin:
        yield admin


def test_a_sign_in_of_an_hour_ago_reads_and_does_not_change(db: Db, one: AdminClient) -> None:
    db.execute("update account.session set fresh_until = clock.now() - interval '1 minute'")
    assert one.client.get("/admin/policy").status_code == 200
    problem(one.put("reminder.lead", 4), 403)
    problem(one.decide("reminder.lead", "approve", uuid4()), 403)


def test_a_rule_is_changed_as_it_was_read_and_goes_back(clock: Clock, one: AdminClient) -> None:
    before, match = one.read("reminder.lead")
    body = {"value": 4, "reason": "people plan ahead"}
    problem(one.client.put("/admin/policy/reminder.lead", json=body), 428)
    changed = one.client.put("/admin/policy/reminder.lead", json=body, headers=match)
    after = Policy.model_validate_json(changed.content)
    assert (before.value, after.value, after.version) == (3, 4, 2)
    assert (after.versions[0].author, after.versions[0].reason) == (one.user_id, "people plan ahead")
    assert [version.state for version in after.versions] == ["in_force", "past"]
    problem(one.client.put("/admin/policy/reminder.lead", json=body, headers=match), 412)
    now = {"if-match": changed.headers["etag"]}
    assert one.client.get("/admin/policy/reminder.lead", headers={"if-none-match": now["if-match"]}).status_code == 304
    clock.advance(minutes=1)
    back = one.post("/admin/policy/reminder.lead/revert", {"reason": "they did not"}, **now)
    # A minute later the document says the same, so its tag is the same.
    reverted = Policy.model_validate_json(back.content)
    assert (reverted.value, reverted.version) == (3, 3)
    problem(
        one.post("/admin/policy/reminder.lead/revert", {"reason": "x", "version": 9}, **one.read("reminder.lead")[1]),
        422,
        "version",
    )


def test_later_is_scheduled_and_comes(clock: Clock, one: AdminClient) -> None:
    at = (NOW + MINUTE).isoformat()
    answer = one.put("reminder.lead", 5, effective_from=at)
    assert Policy.model_validate_json(answer.content).value == 3
    assert one.read("reminder.lead")[0].versions[0].state == "scheduled"
    clock.set(NOW + MINUTE)
    assert one.read("reminder.lead")[0].value == 5


def test_tightening_a_cap_takes_one_admin_and_binds_the_next_claim(db: Db, clock: Clock, one: AdminClient) -> None:
    user = reader(db)
    held = message(db, user, due=NOW)
    assert one.put("outreach_daily", {"max_messages": 0, "window_hours": 24}).status_code == 200
    assert (claim(db)["refused"], state(db, held)["rule"]) == (1, "outreach_daily")


def test_loosening_a_cap_takes_two(db: Db, clock: Clock, one: AdminClient, two: AdminClient) -> None:
    proposed = one.put("outreach_daily", {"max_messages": 2, "window_hours": 24}, reason="feast days")
    document = Policy.model_validate_json(proposed.content)
    (waiting,) = document.proposals
    assert (document.value["max_messages"], waiting.state, waiting.author) == (1, "pending", one.user_id)
    assert waiting.expires_at - waiting.proposed_at == 7 * DAY
    assert str(waiting.proposal_id) in one.client.get("/admin/policy").text
    problem(one.decide("outreach_daily", "approve", waiting.proposal_id), 403)
    problem(two.put("outreach_daily", {"max_messages": 3, "window_hours": 24}), 409)
    approved = two.decide("outreach_daily", "approve", waiting.proposal_id)
    now = Policy.model_validate_json(approved.content)
    assert (now.value["max_messages"], now.versions[0].author, now.versions[0].approved_by) == (
        2, one.user_id, two.user_id,
    )  # fmt: skip
    problem(two.decide("outreach_daily", "approve", waiting.proposal_id), 409)
    # Back to one: tighter, so at once.
    clock.advance(minutes=1)
    back = one.post("/admin/policy/outreach_daily/revert", {"reason": "over"}, **one.read("outreach_daily")[1])
    assert Policy.model_validate_json(back.content).value["max_messages"] == 1
    # And to two again: a revert that loosens waits as well.
    clock.advance(minutes=1)
    again = one.post(
        "/admin/policy/outreach_daily/revert", {"reason": "x", "version": 2}, **one.read("outreach_daily")[1]
    )
    assert Policy.model_validate_json(again.content).value["max_messages"] == 1
    (other,) = one.read("outreach_daily")[0].proposals
    assert two.decide("outreach_daily", "decline", other.proposal_id).status_code == 200
    assert [p.state for p in one.read("outreach_daily")[0].proposals] == ["declined"]


def test_ten_who_approve_at_once_set_one_version(db: Db, edge: Edge, one: AdminClient, two: AdminClient) -> None:
    one.put("bounce.soft_limit", 9)
    (waiting,) = one.read("bounce.soft_limit")[0].proposals
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: two.decide("bounce.soft_limit", "approve", waiting.proposal_id), range(10)))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 9
    assert value(db, "select count(*) from policy.rule where rule = 'bounce.soft_limit'") == 2


def test_a_cap_for_one_channel_is_made_and_ended(db: Db, clock: Clock, one: AdminClient, two: AdminClient) -> None:
    wish = {"max_messages": 1, "window_hours": 720, "purpose": "outreach", "channel": "sms"}
    made = one.put("outreach_sms", wish, reason="sms is loud")
    assert Policy.model_validate_json(made.content).value == wish
    problem(
        one.client.put("/admin/policy/other_cap", json={"value": wish, "reason": "x"}, headers={"if-match": '"x"'}), 412
    )
    clock.advance(minutes=1)
    one.put("outreach_sms", None, reason="it was not")
    document, _ = one.read("outreach_sms")
    assert document.value == wish
    two.decide("outreach_sms", "approve", document.proposals[0].proposal_id)
    assert one.read("outreach_sms")[0].value is None


def segments_of(one: AdminClient) -> tuple[list[dict[str, Any]], dict[str, str]]:
    answer = one.client.get("/admin/segments")
    definitions = [d.model_dump() for d in Segments.model_validate_json(answer.content).definitions]
    return definitions, {"if-match": answer.headers["etag"]}


@pytest.fixture
def customers(db: Db) -> None:
    """Some of each segment, as of NOW."""
    home = marketplace.service(db)
    for _ in range(3):
        marketplace.person(db)
        marketplace.rhythm(db, marketplace.person(db), home, last=NOW - 10 * DAY)
        marketplace.rhythm(db, marketplace.person(db), home, last=NOW - 300 * DAY)
    marketplace.visits(db, marketplace.person(db), home, [NOW - 100 * DAY])
    value(db, "select smartengage.refresh_snapshots(%s)", NOW)


def test_segments_are_previewed_then_changed(db: Db, clock: Clock, one: AdminClient, customers: None) -> None:
    definitions, match = segments_of(one)
    sizes = {s["segment"]: s["customers"] for s in one.client.get("/admin/segments").json()["customers"]}
    assert sizes == {"new": 3, "repeat": 3, "at_risk": 1, "inactive": 3}
    # One visit, silent for ninety days: given up, no longer at risk; and at risk from a week of silence on.
    wish = [{"segment": "inactive", "min_visits": 1, "silent_for_days": 90}, *definitions]
    wish.insert(1, {"segment": "at_risk", "min_visits": 1, "silent_for_days": 7})
    body = {"definitions": wish, "reason": "sooner"}
    problem(one.client.put("/admin/segments", json=body), 428)
    refusal = one.client.put("/admin/segments", json=body, headers=match)
    problem(refusal, 422, "definitions")
    assert refusal.json()["errors"][0]["value"] == "repeat"
    wish[1]["silent_for_days"] = 30
    everybody = body | {"definitions": [{"segment": "new"}, *definitions]}
    problem(one.client.put("/admin/segments", json=everybody, headers=match), 422, "definitions")
    definitions_before = value(db, "select count(*) from smartengage.segment_definition")
    seen = one.client.put("/admin/segments", json=body | {"preview": True}, headers=match)
    problem(seen, 422, "definitions")
    assert seen.json()["errors"][0]["value"] == "at_risk"
    # Somebody between the two: now every segment has somebody.
    marketplace.rhythm(db, marketplace.person(db), marketplace.service(db), last=NOW - 40 * DAY)
    value(db, "select smartengage.refresh_snapshots(%s)", NOW)
    _, match = segments_of(one)
    previewed = SegmentsChanged.model_validate_json(
        one.client.put("/admin/segments", json=body | {"preview": True}, headers=match).content
    )
    assert previewed.version is None
    assert value(db, "select count(*) from smartengage.segment_definition") == definitions_before
    changed = SegmentsChanged.model_validate_json(one.client.put("/admin/segments", json=body, headers=match).content)
    assert (changed.version, changed.customers) == (2, previewed.customers)
    problem(one.client.put("/admin/segments", json=body, headers=match), 412)
    # It comes true at the next refresh, exactly as foretold.
    value(db, "select smartengage.refresh_snapshots(%s)", NOW)
    found = {
        r["segment"]: r["n"]
        for r in rows(db, "select segment, count(*) as n from smartengage.customer_segment group by 1")
    }
    assert found == {move.segment: move.after for move in changed.customers if move.after}
    assert Segments.model_validate_json(one.client.get("/admin/segments").content).versions[0].author == one.user_id


def test_the_calendar_holds_messages_and_lets_go(db: Db, clock: Clock, one: AdminClient) -> None:
    set_rule(db, "quiet.spread", 0)
    message_id = message(db, reader(db), due=NOW, useful_until=NOW + 10 * DAY)
    answer = one.post(
        "/admin/calendar",
        {"name": "cyclone", "reason": "signal 10", "until": (NOW + 2 * DAY).isoformat()},
    )
    assert answer.status_code == 201, answer.text
    period = QuietPeriod.model_validate_json(answer.content)
    assert (period.state, period.since, period.author) == ("in_force", NOW, one.user_id)
    assert claim(db)["deferred"] == 1
    assert state(db, message_id)["due_at"] == NOW + 2 * DAY
    # The storm turned away: dated, so one admin ends it; what is past stays.
    clock.advance(minutes=1)
    ended = one.post(f"/admin/calendar/{period.quiet_period_id}/end", {"reason": "it turned"})
    assert QuietPeriod.model_validate_json(ended.content).model_dump(include={"state", "until", "end_reason"}) == {
        "state": "over", "until": NOW + MINUTE, "end_reason": "it turned",
    }  # fmt: skip
    problem(one.post(f"/admin/calendar/{period.quiet_period_id}/end", {"reason": "again"}), 409)
    names = [item.name for item in Calendar.model_validate_json(one.client.get("/admin/calendar").content).items]
    assert sorted(names) == ["friday_prayer", "night"]
    with_past = Calendar.model_validate_json(one.client.get("/admin/calendar?past=true").content)
    assert "cyclone" in [item.name for item in with_past.items]


def test_a_period_to_come_is_taken_back_and_a_standing_one_takes_two(
    db: Db, clock: Clock, one: AdminClient, two: AdminClient
) -> None:
    dates = {"since": (NOW + 9 * DAY).isoformat(), "until": (NOW + 15 * DAY).isoformat()}
    eid = one.post("/admin/calendar", {"name": "eid", "reason": "expected moon"} | dates).json()
    gone = one.post(f"/admin/calendar/{eid['quiet_period_id']}/end", {"reason": "moon not seen"}).json()
    assert (gone["state"], gone["since"]) == ("withdrawn", None)
    (night,) = [item for item in one.client.get("/admin/calendar").json()["items"] if item["name"] == "night"]
    path = f"/admin/calendar/{night['quiet_period_id']}/end"
    for _ in range(2):
        waiting = QuietPeriod.model_validate_json(one.post(path, {"reason": "shorter nights"}).content)
        assert (waiting.state, waiting.until) == ("in_force", None)
        assert waiting.proposal
        assert waiting.proposal.author == one.user_id
    assert QuietPeriod.model_validate_json(two.post(path, {"reason": "agreed"}).content).state == "over"
    problem(one.post(f"/admin/calendar/{uuid4()}/end", {"reason": "x"}), 404)


def test_ramadan_afternoons_and_a_sunset_prayer(clock: Clock, one: AdminClient) -> None:
    ramadan = {
        "name": "ramadan", "reason": "iftar", "from_time": "16:30", "until_time": "20:30",
        "since": "2027-02-08T00:00:00+06:00", "until": "2027-03-10T00:00:00+06:00",
    }  # fmt: skip
    for body in (ramadan, {"name": "maghrib", "reason": "asked for", "from_time": "17:15", "until_time": "18:50"}):
        answer = one.post("/admin/calendar", body)
        assert answer.status_code == 201, answer.text
        found = QuietPeriod.model_validate_json(answer.content)
        assert (found.from_time, found.until_time) == (body["from_time"], body["until_time"])


FEAST = {"name": "feast", "reason": "x"}


def test_one_ban_after_the_other_is_no_way_to_a_year_of_silence(db: Db, clock: Clock, one: AdminClient) -> None:
    def ban(first: int, last: int) -> httpx2.Response:
        dates = {"since": (NOW + first * DAY).isoformat(), "until": (NOW + last * DAY).isoformat()}
        return one.post("/admin/calendar", FEAST | dates)

    assert ban(1, 13).status_code == 201
    problem(ban(13, 20), 422, "until")
    assert ban(14, 20).status_code == 201


def test_the_audit_log_tells_who_did_what(db: Db, clock: Clock, one: AdminClient, two: AdminClient) -> None:
    one.put("reminder.lead", 4, reason="first")
    clock.advance(minutes=1)
    two.put("reminder.lead", 5, reason="second")

    def page(**query: Any) -> AuditPage:
        return AuditPage.model_validate_json(one.client.get("/admin/audit", params=query).content)

    mine = page(by=one.user_id, subject="policy.rule")
    assert [(item.action, item.detail["new"]["reason"]) for item in mine.items if item.action == "insert"] == [
        ("insert", "first")
    ]
    assert {item.actor for item in page(by=two.user_id).items} == {two.user_id}
    assert {item.action for item in page(action="insert").items} == {"insert"}
    assert {item.happened_at for item in page(since=(NOW + MINUTE).isoformat(), subject="policy.rule").items} == {
        NOW + MINUTE
    }
    assert page(until="2020-01-01T00:00:00Z").items == []
    # Keyset: page by page is all of it, once, in order.
    everything = page(limit=200)
    assert everything.next_cursor is None
    walked, cursor = [], None
    while True:
        one_page = page(limit=3, **({"cursor": cursor} if cursor else {}))
        walked += one_page.items
        cursor = one_page.next_cursor
        if cursor is None:
            break
    assert walked == everything.items
    assert len(walked) >= 6
