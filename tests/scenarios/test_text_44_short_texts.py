"""Scenario 44 for phones: whatever a model does to a short text, it is refused."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.connection import Connection
from tests.text.damages import ADDRESSES, CHARACTERS, FIGURES, FOREIGN_NAMES, PHRASES, REQUIRED
from tests.text.good_texts import SHORT, Text
from tests.text.judging import one


def faults(db: Connection, text: Text) -> list[str]:
    found: list[str] = one(db, "text.template_faults('reminder', 'bn', 'short', %s, %s, %s)", *text)
    return found


@pytest.fixture
def listed(template_connection: Connection) -> list[str]:
    rows = template_connection.execute("select word from text.listed_word where list <> 'allowed' order by list, word")
    return [word for (word,) in rows]


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_every_damaged_short_text_is_refused(template_connection: Connection, listed: list[str], data: Any) -> None:
    text = data.draw(st.sampled_from(SHORT))
    placeholder = data.draw(st.sampled_from(REQUIRED))
    piece = data.draw(
        st.one_of(
            st.sampled_from(FIGURES), st.sampled_from(ADDRESSES), st.sampled_from(PHRASES), st.sampled_from(CHARACTERS),
            st.sampled_from(listed), st.sampled_from(FOREIGN_NAMES).map(lambda name: "{" + name + "}"),
        )
    )  # fmt: skip
    inserted = text.body.replace("{address}, ", "{address}, কথা হলো " + piece + " এমন। ", 1)
    spoilt = data.draw(
        st.sampled_from(
            [
                text._replace(body=text.body.replace(placeholder, "")),
                text._replace(body=text.body.replace(placeholder, placeholder[1:-1])),
                text._replace(body=text.body.replace(placeholder, "[" + placeholder[1:-1] + "]")),
                text._replace(body=text.body.replace("{link}", "{link} {link}")),
                text._replace(body=inserted),
                text._replace(subject=f"কথা {piece} এমন"),
                text._replace(body=text.body.replace("{address}, ", "{address}, " + "কথা " * 40, 1)),
                text._replace(body=text.body.replace("{address}, ", "{address}, আমরা আছি আপনার পাশে সবসময়। " * 4, 1)),
                text._replace(body="{address}, Abar {service} nite parben: {link}\nBondho: {stop_link}"),
                text._replace(subject="", body=text.body),
                text._replace(body=""),
            ]
        )
    )
    assert faults(template_connection, spoilt), spoilt
