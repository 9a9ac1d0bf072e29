"""Scenario 44: whatever a model does to a text, the right verdict, and the house text goes out instead."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.types.json import Jsonb

from db.connection import Connection
from tests.text.damages import damaged
from tests.text.good_texts import GOOD
from tests.text.judging import faults, one


@pytest.fixture
def listed(template_connection: Connection) -> list[str]:
    rows = template_connection.execute("select word from text.listed_word where list <> 'allowed' order by list, word")
    return [word for (word,) in rows]


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_every_damaged_text_is_refused(template_connection: Connection, listed: list[str], data: Any) -> None:
    kind, text = data.draw(damaged(listed))
    assert faults(template_connection, *text), kind


def test_every_listed_word_is_refused_in_a_text(template_connection: Connection) -> None:
    """All of them, not only those that a generator happens to draw; and nothing else is held against the text."""
    good = GOOD[0]
    rows = template_connection.execute(
        "select w.list || ':' || w.word, f.faults from text.listed_word w"
        " cross join lateral text.faults_on_channel('reminder', 'bn', 'email', %s,"
        "   replace(%s, E'\\n\\n', E'\\n\\nকথা হলো ' || w.word || E' এমন।\\n\\n'), %s) as f (faults)"
        " where w.list <> 'allowed' and w.word !~ '[a-z]'",
        [good.subject, good.body.replace("\n\n", "\n", 1).replace("\n", "\n\n", 1), good.add_on_line],
    ).fetchall()
    assert len(rows) > 300
    assert {name for name, found in rows if name not in found} == set()


ANSWER = [
    {"variant": "a", "subject": GOOD[0].subject, "body": GOOD[0].body, "add_on_line": GOOD[0].add_on_line},
    {"variant": "b", "subject": GOOD[2].subject, "body": GOOD[2].body.replace("{link}", "{লিংক}"), "add_on_line": None},
    {"variant": "c", "subject": "৫০% ছাড়!", "body": GOOD[4].body, "add_on_line": None},
]


def test_what_is_refused_never_becomes_a_template(db: Connection) -> None:
    cohort = "reminder/cleaning/repeat/monthly/bn"
    result = one(
        db,
        "jobs.record_model_answer(p_cohort => %s, p_kind => 'reminder', p_category => 'cleaning', p_language => 'bn',"
        " p_form => 'long', p_prompt_version => 1, p_model => 'm', p_answer => %s, p_tokens_in => 1, p_tokens_out => 1)",
        cohort,
        Jsonb({"variants": ANSWER}),
    )
    assert result["accepted"] == 1
    reasons = {refused["variant"]: set(refused["reasons"]) for refused in result["rejected"]}
    assert reasons == {
        "b": {"placeholder_missing:link", "placeholder_unknown:লিংক"},
        "c": {"digit_outside_placeholder", "price_sign", "price:ছাড়", "character:U+0025"},
    }
    kept = db.execute("select variant from text.template where cohort = %s", [cohort]).fetchall()
    assert kept == [("a",)]
    assert one(db, "count(*) from text.rejected_answer where cohort = %s and reasons <> '{}'", cohort) == 2
    # What goes out in their place is still there, approved.
    assert one(
        db,
        "count(*) from text.template where category = 'cleaning' and language = 'bn' and origin = 'house'"
        " and form = 'long'"
        " and approved_at is not null and retired_at is null",
    ) == 3  # fmt: skip
