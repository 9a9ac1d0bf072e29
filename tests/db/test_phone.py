"""The reader of phone numbers agrees with the plain form that SQL reads without it."""

from __future__ import annotations

import re

from hypothesis import example, given
from hypothesis import strategies as st

from db.phone import mobile_number

PLAIN = re.compile(r"(?:\+880|880|0)(1[3-9][0-9]{8})")  # as pg_temp.mobile in db/load/begin.sql


@given(st.from_regex(PLAIN, fullmatch=True, alphabet="+0123456789"))
@example("01312345678")
@example("8801912345678")
def test_the_plain_form_is_read_alike(text: str) -> None:
    match = PLAIN.fullmatch(text)
    assert match
    assert mobile_number(text) == "+880" + match[1]


def test_other_texts_are_no_mobile_number() -> None:
    for text in ("", "01212345678", "8.80171E+12", "+14155550100", "01712345678 ext 5", "01712345678 01812345678"):
        assert mobile_number(text) is None, text
