"""Texts of the model by the functions that the compose handler calls."""

from __future__ import annotations

from typing import Any

import pytest
from psycopg import Connection
from psycopg.types.json import Jsonb

from tests.conftest import Clock
from tests.outbox import rows, set_rule, value
from tests.text.answers import house, planned

Db = Connection[Any]
ANSWER = "select jobs.record_model_answer(%s, 'reminder', 'cleaning', 'bn', 'long', %s, 'model-x', %s, 10, 10, %s)"


def test_a_run_gets_the_texts_that_it_asks_for(db: Db, clock: Clock) -> None:
    run_id, users = planned(db)
    asked = value(db, "select jobs.cohorts(%s, 10)", run_id)
    (one,) = asked["cohorts"]
    variants = [house(db, "a"), house(db, "b") | {"body": "তুমি"}]
    answered = value(db, ANSWER, one["cohort"], asked["prompt_version"], Jsonb({"variants": variants}), run_id)
    assert answered["accepted"] == 1
    assert [rejected["variant"] for rejected in answered["rejected"]] == ["b"]
    for _ in range(2):
        assert value(db, "select jobs.assign_texts(%s)", run_id) == {"assigned": len(users)}
        assert value(db, "select jobs.cohorts(%s, 10)", run_id)["cohorts"] == []
    given = rows(
        db, "select distinct t.origin, t.variant from outreach.message m join text.template t using (template_id)"
    )
    assert given == [{"origin": "model", "variant": "a"}]


@pytest.mark.parametrize(("calls", "left"), [(0, 2), (1, 1), (2, 0), (3, 0)])
def test_failures_count_against_the_budget_of_requests(db: Db, clock: Clock, calls: int, left: int) -> None:
    run_id, _ = planned(db, people=1)
    before = value(db, "select jobs.cohorts(%s, 10)", run_id)["requests"]
    set_rule(db, "model.cohorts_per_day", 2)
    for number in range(calls):
        assert (
            value(db, "select jobs.record_model_failure(%s, 1, 'model-x', 'timeout', %s)", f"x{number}", run_id) == {}
        )
    asked = value(db, "select jobs.cohorts(%s, 10)", run_id)
    assert before > 2
    assert (asked["requests"], len(asked["cohorts"])) == (left, min(left, 1))
