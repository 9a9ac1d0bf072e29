"""Recorded examples of each prompt (context, accepted texts), replayed through the client and checked in SQL."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from psycopg import Connection
from psycopg.types.json import Jsonb

from tests.crowd import crowd
from tests.doubles.process import started
from tests.outbox import NOW, row, rows, set_rule, value
from tests.worker.stage import Model as Server
from worker.model.client import PROMPTS, ModelClient
from worker.model.writer import RequestBudget, WritingFailure, WrittenTexts

Db = Connection[Any]

FILES = sorted((PROMPTS / "examples").glob("*.json"))


@pytest.fixture(scope="module")
def talker() -> Iterator[Server]:
    with started("tests.doubles.model_server") as port:
        yield Server(f"http://127.0.0.1:{port}")


def written(talker: Server, cohort: dict[str, Any], version: int) -> WrittenTexts | WritingFailure:
    async def ask() -> WrittenTexts | WritingFailure:
        model = ModelClient("key", "test-model", f"{talker.url}/v1")
        try:
            return await model.write(cohort, version, RequestBudget(1))
        finally:
            await model.close()

    return asyncio.run(ask())


def named(cohort: dict[str, Any]) -> list[str]:
    return [cohort["context"][name] for name in ("kind", "category", "language", "form")]


def test_every_prompt_in_use_has_its_examples() -> None:
    shown = {json.loads(file.read_text(encoding="utf-8"))["prompt"] for file in FILES}
    assert shown == {file.name for file in PROMPTS.glob("*.md")}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_what_was_accepted_once_is_asked_for_and_accepted_still(db: Db, talker: Server, file: Path) -> None:
    example = json.loads(file.read_text(encoding="utf-8"))
    cohort, answer = example["cohort"], example["answer"]
    talker.answers(answer)
    told = written(talker, cohort, example["prompt_version"])
    assert isinstance(told, WrittenTexts)
    assert json.loads(told.answer) == answer

    # The request: the prompt of that version and the cohort, nothing else.
    system, user = talker.requests()[-1]["messages"]
    assert system == {"role": "system", "content": (PROMPTS / example["prompt"]).read_text(encoding="utf-8")}
    assert json.loads(user["content"]) == {name: told for name, told in cohort.items() if name != "cohort"}

    judged = value(
        db,
        "select text.record_model_answer(%s, %s, %s, %s, %s, %s, %s, %s, 1, 1, %s)",
        cohort["cohort"], *named(cohort), example["prompt_version"], told.model, Jsonb(json.loads(told.answer)), NOW,
    )  # fmt: skip
    assert judged == {"accepted": cohort["variants"], "rejected": []}
    kept = rows(db, "select variant, subject, body, add_on_line from text.template where origin = 'model'")
    # Stored unchanged.
    assert sorted(kept, key=lambda one: str(one["variant"])) == answer["variants"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_an_example_spoilt_is_refused(db: Db, talker: Server, file: Path) -> None:
    """The replay cannot pass without a check."""
    example = json.loads(file.read_text(encoding="utf-8"))
    for variant, (old, new) in zip(
        example["answer"]["variants"], [("{link}", "{লিংক}"), ("{stop_link}", ""), ("{service}", "৫০০ টাকা")], strict=True
    ):
        variant["body"] = variant["body"].replace(old, new)
    talker.answers(example["answer"])
    told = written(talker, example["cohort"], example["prompt_version"])
    assert isinstance(told, WrittenTexts)
    judged = value(
        db,
        "select text.record_model_answer(%s, %s, %s, %s, %s, 1, 'm', %s, 1, 1, %s)",
        example["cohort"]["cohort"], *named(example["cohort"]), Jsonb(json.loads(told.answer)), NOW,
    )  # fmt: skip
    assert judged["accepted"] == 0
    assert len(judged["rejected"]) == 3


def test_the_examples_are_of_cohorts_as_sql_tells_them(db: Db) -> None:
    """Their contexts, placeholders and limits follow the present rules, so that they are real requests."""
    set_rule(db, "model.cohorts_per_day", 100_000)
    set_rule(db, "model.tokens_per_day", 1_000_000_000)
    set_rule(db, "model.cost_per_day", 1_000_000_000)
    asked = value(db, "select smartengage.cohorts_without_text(%s, 1000, %s)", crowd(db, 3000), NOW)["cohorts"]
    real = {(c["context"]["language"], c["context"]["form"]): c for c in asked}
    known = {name: {c["context"][name] for c in asked} for name in ("segment", "rhythm", "category")}
    for file in FILES:
        cohort = json.loads(file.read_text(encoding="utf-8"))["cohort"]
        like = real[cohort["context"]["language"], cohort["context"]["form"]]
        assert set(cohort) == set(like)
        assert set(cohort["context"]) == set(like["context"])
        for name, values in known.items():
            assert cohort["context"][name] in values
        for name in ("variants", "allowed_placeholders", "required_placeholders", "limits"):
            assert cohort[name] == like[name], file
    assert row(db, "select policy.number('model.prompt_version', %s) as version", NOW) == {"version": 1}
