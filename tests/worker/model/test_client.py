"""The model client against a real server that speaks its protocol and misbehaves in every known way."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from db.connection import Connection
from tests.doubles.process import started
from tests.worker.stage import Model as Server
from tests.worker.stage import Reminders, Start, until
from worker.channels.circuit_breaker import CircuitBreaker
from worker.model.client import PROMPTS, Answer, ModelClient, prompt
from worker.model.writer import RequestBudget, Usage, WritingFailure, WrittenTexts

COHORT = {
    "cohort": "reminder/cleaning/repeat/monthly/bn",
    "context": {
        "kind": "reminder",
        "category": "cleaning",
        "segment": "repeat",
        "rhythm": "monthly",
        "language": "bn",
        "form": "long",
    },
    "variants": 3,
    "allowed_placeholders": ["address", "service", "date", "add_on_line", "link", "stop_link"],
    "required_placeholders": ["address", "service", "link", "stop_link"],
    "limits": {"subject_chars": 60, "body_chars": 700},
}


@pytest.fixture(scope="module")
def talker() -> Iterator[Server]:
    with started("tests.doubles.model_server") as port:
        yield Server(f"http://127.0.0.1:{port}")


def ask(
    talker: Server, *moods: str, times: int = 1, try_s: float = 3, requests: int = 100
) -> list[WrittenTexts | WritingFailure]:
    """One client asks for so many cohorts, one after the other, with one budget of requests."""
    talker.behave(*moods)

    async def asked() -> list[WrittenTexts | WritingFailure]:
        model = ModelClient(
            "key", "test-model", f"{talker.url}/v1", breaker=CircuitBreaker(failures=5, pause_s=60), try_s=try_s
        )
        try:
            allowance = RequestBudget(requests)
            return [await model.write(COHORT, 1, allowance) for _ in range(times)]
        finally:
            await model.close()

    return asyncio.run(asked())


def test_a_good_answer_is_handed_on_with_model_and_tokens(talker: Server) -> None:
    (written,) = ask(talker, "good")
    assert isinstance(written, WrittenTexts)
    assert (written.model, written.usage) == ("test-model-1", Usage(1, 900, 400))
    answer = Answer.model_validate_json(written.answer)
    assert [variant.variant for variant in answer.variants] == ["a", "b", "c"]


def test_it_asks_for_the_schema_with_low_temperature_and_bounded_length(talker: Server) -> None:
    ask(talker, "good")
    request = talker.requests()[-1]
    assert request["response_format"]["type"] == "json_schema"
    assert request["response_format"]["json_schema"]["strict"] is True
    assert request["temperature"] <= 0.5
    assert 0 < request["max_completion_tokens"] <= 8000
    assert request["messages"][0] == {"role": "system", "content": prompt("reminder", 1, "bn", "long")}


@pytest.mark.parametrize("mood", ["429", "500", "reset", "malformed", "schema", "truncated", "slow"])
def test_it_tries_again_and_then_has_its_answer(talker: Server, mood: str) -> None:
    (written,) = ask(talker, mood, "good", try_s=1 if mood == "slow" else 3)
    assert isinstance(written, WrittenTexts)


@pytest.mark.parametrize(
    ("mood", "reason", "requests"),
    [
        ("401", "http_401", 1),
        ("429", "http_429", 3),
        ("500", "http_500", 3),
        ("reset", "connection", 3),
        ("malformed", "malformed json_invalid", 3),
        ("schema", "malformed missing", 3),
        ("refusal", "refusal", 3),
        ("truncated", "truncated", 3),
        ("oversized", "answer_too_large", 3),
        ("endless", "answer_too_large", 3),
        ("slow", "timeout", 3),
    ],
)
def test_it_gives_up_after_a_few_tries_and_says_why(talker: Server, mood: str, reason: str, requests: int) -> None:
    before = len(talker.requests())
    (told,) = ask(talker, mood, try_s=0.5 if mood == "slow" else 3)
    assert isinstance(told, WritingFailure)
    assert (told.reason, told.model, told.usage.requests) == (reason, "test-model", requests)
    # Useless answers are billed all the same.
    paid = mood in ("malformed", "schema", "refusal", "truncated")
    assert (told.usage.tokens_in, told.usage.tokens_out) == ((2700, 1200) if paid else (0, 0))
    assert len(talker.requests()) - before == requests


def test_a_model_that_is_down_is_spared(talker: Server) -> None:
    before = len(talker.requests())
    outcomes = ask(talker, "500", times=4)
    assert outcomes[0] == WritingFailure("http_500", "test-model", Usage(3))
    assert outcomes[-1] == WritingFailure("breaker_open", "test-model", Usage())
    assert len(talker.requests()) - before == 5


@pytest.mark.parametrize(("mood", "written"), [("good", 4), ("malformed", 0)])
def test_no_more_requests_than_the_budget_has_left_repetitions_included(
    talker: Server, mood: str, written: int
) -> None:
    before = len(talker.requests())
    outcomes = ask(talker, mood, times=6, requests=4)
    assert len(talker.requests()) - before == 4
    assert sum(isinstance(outcome, WrittenTexts) for outcome in outcomes) == written
    assert outcomes[-1] == WritingFailure("over_budget", "test-model", Usage())


def test_a_model_that_takes_no_temperature_is_asked_without_from_then_on(talker: Server) -> None:
    before = len(talker.requests())
    outcomes = ask(talker, "no_temperature", times=2)
    assert all(isinstance(outcome, WrittenTexts) for outcome in outcomes)
    assert ["temperature" in request for request in talker.requests()[before:]] == [True, False, False]


def test_nobody_there_is_no_crash() -> None:
    async def asked() -> WrittenTexts | WritingFailure:
        model = ModelClient("key", "test-model", "http://127.0.0.1:1/v1")
        try:
            return await model.write(COHORT, 1, RequestBudget(3))
        finally:
            await model.close()

    assert asyncio.run(asked()) == WritingFailure("connection", "test-model", Usage(3))


def test_a_prompt_that_does_not_exist_is_told_without_asking(talker: Server) -> None:
    async def asked() -> WrittenTexts | WritingFailure:
        model = ModelClient("key", "test-model", f"{talker.url}/v1")
        try:
            return await model.write(COHORT, 99, RequestBudget(3))
        finally:
            await model.close()

    before = len(talker.requests())
    assert asyncio.run(asked()) == WritingFailure("no_prompt v99", "test-model", Usage())
    assert len(talker.requests()) == before


def test_the_prompts_name_exactly_the_placeholders_there_are() -> None:
    known = {"address", "service", "date", "add_on_line", "add_on", "link", "stop_link"}
    for file in PROMPTS.glob("*.md"):
        assert set(re.findall(r"\{(\w+)\}", file.read_text(encoding="utf-8"))) <= known


def with_model(server: Server) -> dict[str, str]:
    return {"OPENAI_API_KEY": "test-key-that-must-not-be-logged", "OPENAI_BASE_URL": f"{server.url}/v1"}


def planned(reminders: Reminders, worker: Start, server: Server) -> Any:
    """40 people in one cohort or two, planned by a worker with a model; returns the worker after it has composed."""
    reminders.customers([f"p{number}@example.com" for number in range(40)])
    process = worker(**with_model(server))
    reminders.plan()
    until(lambda: process.said("composed"), seconds=60)
    return process


def test_texts_of_the_model_go_out_filled_in_by_sql(reminders: Reminders, worker: Start, model: Server) -> None:
    process = planned(reminders, worker, model)
    (composed,) = process.said("composed")
    assert composed["texts"] == 3 * composed["cohorts"] > 0
    reminders.send_now()
    until(lambda: reminders.states() == {"sent": 40})
    rows = reminders.db.execute(
        "select t.origin, d.body from outreach.delivery d join text.template t using (template_id)"
    ).fetchall()
    assert {origin for origin, _ in rows} == {"model"}
    assert all("রহিমা" in body and "বাগান পরিচর্যা" in body and "{stop_link}" in body for _, body in rows)
    assert all(not re.search(r"\{(?!link\}|stop_link\})", body) for _, body in rows)
    assert "test-key-that-must-not-be-logged" not in process.log.read_text(encoding="utf-8")


def test_the_model_is_told_nothing_about_anybody(reminders: Reminders, worker: Start, model: Server) -> None:
    """No name, address, phone or id of a person or message is in any request."""
    planned(reminders, worker, model)
    said = json.dumps(model.requests(), ensure_ascii=False)
    assert model.requests()
    assert "রহিমা" not in said
    assert "@" not in said
    rows = reminders.db.execute(
        "select user_id::text from account.person union all select message_id::text from outreach.message"
        " union all select external_id from account.person"
    ).fetchall()
    assert not any(row[0] in said for row in rows)
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-", said)


@pytest.mark.parametrize(
    "mood", ["hostile", *(pytest.param(mood, marks=pytest.mark.slow) for mood in ("english", "price"))]
)
def test_unacceptable_texts_are_refused_with_reasons_and_house_texts_go_out(
    reminders: Reminders, worker: Start, model: Server, db: Connection, mood: str
) -> None:
    model.behave(mood)
    process = planned(reminders, worker, model)
    assert process.said("composed")[0]["texts"] == 0
    reminders.send_now()
    until(lambda: reminders.states() == {"sent": 40})
    assert db.execute("select distinct origin from text.template where origin = 'model'").fetchall() == []
    reasons = db.execute("select reasons from text.rejected_answer").fetchall()
    assert reasons
    assert all(row[0] for row in reasons)
    # Its answer could do nothing but be stored.
    assert db.execute("select count(*) from outreach.message").fetchone() == (40,)


@pytest.mark.parametrize(
    "mood", ["500", "malformed", *(pytest.param(mood, marks=pytest.mark.slow) for mood in ("429", "reset", "refusal"))]
)
def test_49_with_the_model_off_the_whole_plan_goes_out_by_templates(
    reminders: Reminders, worker: Start, model: Server, db: Connection, mood: str
) -> None:
    model.behave(mood)
    process = planned(reminders, worker, model)
    reminders.send_now()
    until(lambda: reminders.states() == {"sent": 40})
    assert reminders.identity_holds()
    assert {line["reason"] for line in process.said("model_failed")} != set()
    failures = db.execute("select failure from text.model_call").fetchall()
    assert failures
    assert all(row[0] for row in failures)
