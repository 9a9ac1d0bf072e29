"""Costs of the model, and the source of each text, as analysts read them."""

from __future__ import annotations

from typing import Any

import pytest
from psycopg import Connection
from psycopg.types.json import Jsonb

from tests.conftest import Clock
from tests.outbox import HOUR, NOW, row, rows, set_rule, value
from tests.text.answers import accept, cohorts, house, planned


def test_costs_are_recorded_per_campaign_at_the_price_in_force(db: Connection[Any], clock: Clock) -> None:
    run_id, _ = planned(db, people=2)
    (one,) = cohorts(db, run_id)
    told = (
        "select jobs.record_model_answer(%s, 'reminder', 'cleaning', 'bn', 'long', 1, 'model-x', %s, 1000, 500, %s, 2)"
    )
    value(db, told, one["cohort"], Jsonb({"variants": [house(db)]}), run_id)
    set_rule(db, "model.price_out", 999_999, NOW + HOUR)
    value(db, "select jobs.record_model_failure('x', 1, 'model-x', 'refusal', %s, 3, 400, 100)", run_id)
    name = value(db, "select name from smartengage.campaign")
    assert rows(db, "select * from analytics.model_cost") == [
        {"local_day": NOW.date(), "campaign": name, "calls": 2, "requests": 5, "failures": 1, "tokens_in": 1400,
         "tokens_out": 600, "cost_usd": pytest.approx((1000 * 250 + 500 * 2000 + 400 * 250 + 100 * 2000) / 1e9)},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("happened", "source"),
    [
        (lambda db, cohort: accept(db, cohort, {"variants": [house(db)]}), "model"),
        (lambda db, cohort: accept(db, cohort, {"variants": [house(db) | {"body": "তুমি"}]}), "rejected"),
        (
            lambda db, cohort: db.execute(
                "insert into text.model_call (cohort, prompt_version, model, called_at, failure)"
                " values (%s, 1, 'm', %s, 'timeout')",
                [cohort, NOW],
            ),
            "failed",
        ),
        (lambda db, cohort: set_rule(db, "model.cohorts_per_day", 0), "over_budget"),
        (lambda db, cohort: None, "not_asked"),
    ],
    ids=["model", "rejected", "failed", "over_budget", "not_asked"],
)  # fmt: skip
def test_source_of_each_text_is_recorded(db: Connection[Any], happened: Any, source: str) -> None:
    run_id, users = planned(db)
    (one,) = cohorts(db, run_id)
    happened(db, one["cohort"])
    for _ in range(2):
        value(db, "select smartengage.assign_texts(%s, %s)", run_id, NOW)
    seen = row(db, "select * from analytics.text_source")
    assert (seen["local_day"], seen["cohorts"], seen["messages"]) == (NOW.date(), 1, len(users))
    house_texts = 0 if source == "model" else len(users)
    assert (seen["model_texts"], seen["house_texts"]) == (len(users) - house_texts, house_texts)
    assert seen["fallback_share"] == house_texts / len(users)
    reasons = {name: seen[name] for name in ("not_asked", "over_budget", "failed", "rejected") if seen[name]}
    assert reasons == ({} if source == "model" else {source: len(users)})
