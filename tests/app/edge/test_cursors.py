"""Signed cursors of lists."""

from __future__ import annotations

import json

import pytest

from app.edge.cursors import Cursors
from app.edge.problems import Refusal


def test_a_cursor_is_valid_for_one_list_of_one_caller() -> None:
    cursors = Cursors((b"n" * 32, b"o" * 32))
    answer = b'{"items": [{"name": "\\"next_cursor\\": \\"x\\"}"}], "next_cursor": "2026-11-23T04:00:00Z 7"}'
    sealed = json.loads(cursors.sign(answer, "bookings", "me"))
    assert sealed["items"] == json.loads(answer)["items"]
    cursor = sealed["next_cursor"]
    assert cursors.position(cursor, "bookings", "me") == "2026-11-23T04:00:00Z 7"
    old = json.loads(Cursors((b"o" * 32,)).sign(answer, "bookings", "me"))["next_cursor"]
    assert cursors.position(old, "bookings", "me") == "2026-11-23T04:00:00Z 7"
    swapped = ("B" if cursor[0] == "A" else "A") + cursor[1:]
    wrong = [
        (swapped, "bookings", "me"),
        (cursor, "jobs", "me"),
        (cursor, "bookings", "you"),
        ("AAAA", "bookings", "me"),
    ]
    for text, function, owner in wrong:
        with pytest.raises(Refusal) as refused:
            cursors.position(text, function, owner)
        assert refused.value.problem.errors[0].field == "cursor"
    last = b'{"items": [], "next_cursor": null}'
    assert cursors.sign(last, "bookings", "me") == last
