"""Texts of the model: cohorts, answers that are stored, assignment to messages, and budgets."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

import pytest
from psycopg import Connection

from tests.conftest import Clock
from tests.marketplace import campaign, rhythm, service
from tests.outbox import DAY, HOUR, MICRO, NOW, claim, reader, row, rows, set_rule, value
from tests.text.answers import accept, cohorts, house, planned


def test_cohort_contains_nothing_personal(db: Connection[Any]) -> None:
    run_id, users = planned(db)
    (one,) = cohorts(db, run_id)
    assert set(one) == {"cohort", "context", "variants", "allowed_placeholders", "required_placeholders", "limits"}
    assert set(one["context"]) == {"kind", "category", "segment", "rhythm", "language", "form"}
    told = str(one)
    for person in rows(
        db, "select p.full_name, p.external_id, c.address from account.person p join account.contact c using (user_id)"
    ):
        assert not [v for v in person.values() if v in told]
    assert not [u for u in users if str(u) in told]


def test_accepted_texts_are_assigned_evenly_and_stay(db: Connection[Any]) -> None:
    run_id, users = planned(db, people=30)
    (one,) = cohorts(db, run_id)
    answer = {"variants": [house(db, v) for v in ("a", "b", "c")]}
    assert accept(db, one["cohort"], answer) == {"accepted": 3, "rejected": []}
    assert cohorts(db, run_id) == [], "it has its texts"
    assert value(db, "select smartengage.assign_texts(%s, %s)", run_id, NOW) == len(users)

    def given() -> dict[UUID, str]:
        return {
            r["user_id"]: r["variant"]
            for r in rows(
                db, "select m.user_id, t.variant from outreach.message m join text.template t using (template_id)"
                " where t.origin = 'model'",
            )
        }  # fmt: skip

    first = given()
    assert set(Counter(first.values())) == {"a", "b", "c"}
    value(db, "select smartengage.assign_texts(%s, %s)", run_id, NOW)
    assert given() == first
    # Claimed messages keep their text.
    claim(db, NOW + 9 * HOUR, limit=5)
    before = rows(db, "select message_id, template_id from outreach.message where state = 'claimed'")
    db.execute("update text.template set retired_at = %s where variant = 'a' and origin = 'model'", [NOW])
    value(db, "select smartengage.assign_texts(%s, %s)", run_id, NOW)
    assert rows(db, "select message_id, template_id from outreach.message where state = 'claimed'") == before
    waiting = rows(
        db,
        "select t.variant from outreach.message m join text.template t using (template_id) where m.state = 'scheduled'",
    )
    assert {w["variant"] for w in waiting} <= {"b", "c"}


def test_repeated_answer_is_stored_once(db: Connection[Any]) -> None:
    cohort = "reminder/cleaning/repeat/monthly/bn"
    answer = {"variants": [house(db), house(db) | {"variant": "b"}]}
    assert accept(db, cohort, answer)["accepted"] == 2
    accept(db, cohort, answer)
    assert value(db, "select count(*) from text.template where origin = 'model'") == 2
    kept = row(db, "select * from text.template where origin = 'model' and variant = 'a'")
    assert (kept["cohort"], kept["prompt_version"], kept["model"], kept["approved_by"]) == (
        cohort,
        1,
        "model-x",
        "sql:review",
    )
    assert (kept["kind"], kept["category"], kept["language"]) == ("reminder", "cleaning", "bn")


@pytest.mark.parametrize(
    ("answer", "accepted", "rejected"),
    [
        ({}, 0, 0),
        ({"variants": []}, 0, 0),
        ({"variants": "none"}, 0, 0),
        ({"variants": {"a": 1}}, 0, 0),
        ([], 0, 0),
        ("sorry, I cannot", 0, 0),
        (None, 0, 0),
        (7, 0, 0),
        ({"variants": [1, "x", None, []]}, 0, 4),
        ({"variants": [{}]}, 0, 1),
        ({"variants": [{"variant": "a"}]}, 0, 1),
        ({"variants": [{"variant": "a", "subject": None, "body": None}]}, 0, 1),
        ({"variants": [{"variant": "a", "subject": {"x": 1}, "body": ["y"]}]}, 0, 1),
        ({"variants": [{"variant": "TOO LONG NAME", "subject": "s", "body": "b"}]}, 0, 1),
        ({"variants": [{"variant": "a", "subject": "x" * 100_000, "body": "{link}" * 10_000}]}, 0, 1),
    ],
    ids=lambda case: str(case)[:40],
)
def test_malformed_answer_is_counted_and_stored(db: Connection[Any], answer: Any, accepted: int, rejected: int) -> None:
    told = accept(db, "reminder/cleaning/repeat/monthly/bn", answer)
    assert (told["accepted"], len(told["rejected"])) == (accepted, rejected)
    assert value(db, "select count(*) from text.model_call") == 1
    assert value(db, "select count(*) from text.rejected_answer") == max(rejected, 1)
    assert value(db, "select count(*) from text.template where origin = 'model'") == 0


def test_good_variant_beside_a_bad_one_is_stored(db: Connection[Any]) -> None:
    bad = house(db) | {"variant": "b", "body": house(db)["body"].replace("{stop_link}", "")}
    told = accept(db, "reminder/cleaning/repeat/monthly/bn", {"variants": [house(db), bad, "nonsense"]})
    assert told["accepted"] == 1
    reasons = {r["variant"]: r["reasons"] for r in told["rejected"]}
    assert reasons["b"] == ["placeholder_missing:stop_link"]


@pytest.mark.parametrize(
    ("rule", "setting", "calls", "asked"),
    [
        ("model.cohorts_per_day", 2, 1, 1),
        ("model.cohorts_per_day", 2, 2, 0),
        ("model.cohorts_per_day", 2, 3, 0),
        ("model.cohorts_per_day", 0, 0, 0),
        ("model.tokens_per_day", 40, 1, 1),
        ("model.tokens_per_day", 40, 2, 0),
        ("model.tokens_per_day", 41, 2, 1),
    ],
)
def test_budget_of_calls_and_tokens(db: Connection[Any], rule: str, setting: int, calls: int, asked: int) -> None:
    """A call uses twenty tokens here."""
    set_rule(db, rule, setting)
    run_id, _ = planned(db, people=2)
    for _ in range(calls):
        accept(db, "reminder/beauty/repeat/monthly/bn", {})
    assert len(cohorts(db, run_id)) == asked


def test_budget_is_of_the_local_day_and_failures_count(db: Connection[Any], clock: Clock) -> None:
    set_rule(db, "model.cohorts_per_day", 1)
    run_id, _ = planned(db, people=2)
    midnight = NOW.replace(hour=0)
    accept(db, "reminder/beauty/repeat/monthly/bn", {}, moment=midnight - MICRO)
    assert len(cohorts(db, run_id)) == 1, "the day before in Dhaka"
    clock.set(midnight)
    value(db, "select jobs.record_model_failure('reminder/beauty/repeat/monthly/bn', 1, 'model-x', 'time-out')")
    assert cohorts(db, run_id) == []
    assert len(cohorts(db, run_id, moment=NOW + DAY)) == 1


def test_new_prompt_version_asks_again(db: Connection[Any]) -> None:
    run_id, _ = planned(db, people=2)
    (one,) = cohorts(db, run_id)
    accept(db, one["cohort"], {"variants": [house(db)]})
    assert cohorts(db, run_id) == []
    set_rule(db, "model.prompt_version", 2)
    assert [c["cohort"] for c in cohorts(db, run_id)] == [one["cohort"]]


def test_without_a_text_of_the_model_the_house_text_is_sent(db: Connection[Any]) -> None:
    run_id, users = planned(db)
    assert value(db, "select smartengage.assign_texts(%s, %s)", run_id, NOW) == 0
    moment = NOW
    while moment <= NOW + DAY:
        claim(db, moment)
        moment += HOUR
    assert value(db, "select count(*) from outreach.delivery") == len(users)


@pytest.mark.parametrize(("micro", "asked"), [(0, 0), (60, 0), (61, 1), (120, 1), (10**9, 1)])
def test_budget_of_cost(db: Connection[Any], micro: int, asked: int) -> None:
    """At 1,000 micro-dollars a thousand tokens in and 2,000 out: 10 + 10 tokens are 30, two calls 60."""
    set_rule(db, "model.price_in", 1000)
    set_rule(db, "model.price_out", 2000)
    set_rule(db, "model.cost_per_day", micro)
    run_id, _ = planned(db, people=2)
    for _ in range(2):
        accept(db, "reminder/beauty/repeat/monthly/bn", {})
    assert value(db, "select sum(cost_micro_usd) from text.model_call") == 60
    assert len(cohorts(db, run_id)) == asked


@pytest.mark.parametrize(
    ("rule", "setting", "left"),
    [("model.cohorts_per_day", 10, 8), ("model.tokens_per_day", 140, 5), ("model.tokens_per_day", 141, 6),
     ("model.cost_per_day", 120, 4), ("model.tokens_per_day", 40, 0)],
)  # fmt: skip
def test_remaining_budget_is_in_requests(db: Connection[Any], rule: str, setting: int, left: int) -> None:
    """After two calls of 20 tokens and 20 micro-dollars each, the next are expected to use as much."""
    set_rule(db, "model.price_in", 1000)
    set_rule(db, "model.price_out", 1000)
    for _ in range(2):
        accept(db, "reminder/beauty/repeat/monthly/bn", {})
    set_rule(db, rule, setting)
    assert value(db, "select text.remaining_model_requests(%s)", NOW) == left


def test_short_text_is_requested_for_push_and_judged_as_short(db: Connection[Any]) -> None:
    set_rule(db, "holdout.global_share", 0)
    user = reader(db, consents=("push",))
    db.execute("insert into account.contact (user_id, channel, address) values (%s, 'push', 'token')", [user])
    rhythm(db, user, service(db), last=NOW - 26 * DAY)
    campaign_id = campaign(db, channels=["push"])
    value(db, "select smartengage.refresh_snapshots(%s)", NOW)
    run_id = UUID(value(db, "select smartengage.plan_reminder_run(%s, 'once', %s)", campaign_id, NOW)["run_id"])
    (one,) = cohorts(db, run_id)
    assert one["cohort"].endswith("/bn/short")
    assert one["context"]["form"] == "short"
    assert one["limits"]["body_chars"] == 240
    assert "add_on_line" not in one["allowed_placeholders"]
    short = row(db, "select subject, body, '' as add_on_line from text.template where form = 'short'"
                " and language = 'bn' and category is null order by variant limit 1") | {"variant": "a"}  # fmt: skip
    told = accept(db, one["cohort"], {"variants": [short, house(db, "b")]}, form="short")
    assert told["accepted"] == 1
    assert [r["variant"] for r in told["rejected"]] == ["b"]
    assert any(reason.startswith("sms_parts") for reason in told["rejected"][0]["reasons"])
    assert value(db, "select smartengage.assign_texts(%s, %s)", run_id, NOW) == 1
    assert value(db, "select form from text.template where origin = 'model'") == "short"
