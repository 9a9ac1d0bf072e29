"""Scenario 46: SMS are counted as networks count them."""

import random
import unicodedata

import pytest

from db.connection import Connection
from tests.text.judging import one

BENGALI = [chr(code) for code in range(0x0985, 0x09CE) if unicodedata.name(chr(code), "")]
PIECES = [
    *BENGALI, "\u09df", "\u09dc", "\u09dd", "য\u09bc", "র‍্য", "ক্ষ", "কো", "ক\u09c7\u09be", "\u200c", "৳", "১", "।",
    " ", "\n", "a", "😀", "🏠",
]  # fmt: skip


def segments(text: str) -> int:
    """Counted the slow way: fill one envelope after the other with the code units of the normalized text."""
    units = unicodedata.normalize("NFC", text).encode("utf-16-be")
    envelopes, room = 1, 70 if len(units) <= 140 else 67
    for _ in range(0, len(units), 2):
        if room == 0:
            envelopes, room = envelopes + 1, 67
        room -= 1
    return envelopes


def test_ten_thousand_random_texts(template_connection: Connection) -> None:
    dice = random.Random(46)
    texts = []
    for _ in range(10_000):
        low, high = dice.choice([(1, 30), (55, 80), (115, 145), (1, 400)])
        length = dice.randrange(low, high)
        texts.append("".join(dice.choices(PIECES, k=length)))
    rows = template_connection.execute(
        "select text.sms_segments(t.text) from unnest(%s::text[]) with ordinality as t (text, place) order by t.place",
        [texts],
    ).fetchall()
    counted = [count for (count,) in rows]
    assert {1, 2, 3, 4} <= set(counted)
    assert counted == [segments(text) for text in texts]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("ক" * 70, 1),
        ("ক" * 71, 2),
        ("ক" * 134, 2),
        ("ক" * 135, 3),
        ("\u09df" * 35, 1),
        ("\u09df" * 36, 2),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        (None, None),
    ],
)
def test_the_edges(template_connection: Connection, text: str | None, count: int | None) -> None:
    assert one(template_connection, "text.sms_segments(%s)", text) == count
