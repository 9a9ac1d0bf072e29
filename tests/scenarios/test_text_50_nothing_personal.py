"""Scenario 50: ten thousand requests of the model contain no name, phone or e-mail of anybody; and a campaign of
50,000 asks at most 300 times."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from psycopg import Connection

from tests.crowd import crowd
from tests.doubles.process import started
from tests.outbox import DAY, NOW, rows, set_rule, value
from tests.worker.stage import Model as Server
from worker.model.client import ModelClient
from worker.model.writer import RequestBudget, WrittenTexts

Db = Connection[Any]


@pytest.fixture
def talker() -> Iterator[Server]:
    with started("tests.doubles.model_server") as port:
        yield Server(f"http://127.0.0.1:{port}")


def personal(db: Db) -> list[str]:
    """Everything that is known of anybody and could be told."""
    return [
        word
        for (word,) in db.execute(
            "select full_name from account.person union all select external_id from account.person"
            " union all select user_id::text from account.person union all select address from account.contact"
            " union all select substr(address, 4) from account.contact where channel = 'sms'"
            " union all select message_id::text from outreach.message"
        )
    ]


@pytest.mark.parametrize(("people", "requests"), [(200, 200), pytest.param(400, 10_000, marks=pytest.mark.slow)])
def test_requests_hold_nothing_of_anybody(db: Db, talker: Server, people: int, requests: int) -> None:
    run_id = crowd(db, people)
    asked = value(db, "select smartengage.cohorts_without_text(%s, 1000, %s)", run_id, NOW)
    assert {c["context"]["language"] for c in asked["cohorts"]} == {"bn", "en"}
    assert {c["context"]["form"] for c in asked["cohorts"]} == {"long", "short"}
    talker.plant(personal(db))

    async def ask() -> list[Any]:
        model = ModelClient("key", "test-model", f"{talker.url}/v1", concurrency=16)
        allowance = RequestBudget(requests)
        cohorts = asked["cohorts"]
        try:
            return await asyncio.gather(
                *(model.write(cohorts[n % len(cohorts)], asked["prompt_version"], allowance) for n in range(requests))
            )
        finally:
            await model.close()

    answers = asyncio.run(ask())
    assert all(isinstance(answer, WrittenTexts) for answer in answers)
    assert talker.planted() == {"requests": requests, "found": []}


def test_the_search_would_find_one(db: Db, talker: Server) -> None:
    """Whoever planted a name in a cohort would be caught."""
    run_id = crowd(db, 20)
    asked = value(db, "select smartengage.cohorts_without_text(%s, 1, %s)", run_id, NOW)
    talker.plant(["PlantedName"])
    (cohort,) = asked["cohorts"]
    cohort["context"]["segment"] = "plantedname"

    async def ask() -> None:
        model = ModelClient("key", "test-model", f"{talker.url}/v1")
        await model.write(cohort, 1, RequestBudget(1))
        await model.close()

    asyncio.run(ask())
    assert talker.planted() == {"requests": 1, "found": ["PlantedName"]}


@pytest.mark.slow
def test_a_campaign_of_fifty_thousand_asks_at_most_three_hundred_times(db: Db) -> None:
    run_id = crowd(db, 50_000)
    found = rows(
        db, "select cohort, count(*) as n from smartengage.message_cohort where run_id = %s group by 1 order by 2 desc",
        run_id,
    )  # fmt: skip
    assert len(found) > 300, "more kinds of readers than may be asked about, or the limit is not tried"
    asked = value(db, "select smartengage.cohorts_without_text(%s, 1000, %s)", run_id, NOW)
    assert len(asked["cohorts"]) == asked["requests"] == 300
    # The largest come first, so most have a text of the model on the first day, though this crowd is spread widely.
    covered = {c["cohort"] for c in asked["cohorts"]}
    assert sum(f["n"] for f in found if f["cohort"] in covered) >= 0.8 * 50_000
    # What has its texts is not asked for again, on this day or another.
    db.execute(
        "insert into text.template (kind, category, language, variant, form, origin, cohort, prompt_version, model,"
        " subject, body, created_at, approved_by, approved_at)"
        " select split_part(c, '/', 1), split_part(c, '/', 2), split_part(c, '/', 5), 'a',"
        " coalesce(nullif(split_part(c, '/', 6), ''), 'long'), 'model', c, 1, 'm', 's', 'b', %s, 'sql:review', %s"
        " from unnest(%s::text[]) c",
        [NOW, NOW, list(covered)],
    )
    again = value(db, "select smartengage.cohorts_without_text(%s, 1000, %s)", run_id, NOW + DAY)
    assert covered.isdisjoint(c["cohort"] for c in again["cohorts"])
    assert len(again["cohorts"]) == min(300, len(found) - 300)
    set_rule(db, "model.cohorts_per_day", 0)
    assert value(db, "select smartengage.cohorts_without_text(%s, 1000, %s)", run_id, NOW)["cohorts"] == []
