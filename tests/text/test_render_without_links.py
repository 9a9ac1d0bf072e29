"""Texts for channels whose links are buttons: what remains is complete and refers to no link."""

from __future__ import annotations

from typing import Any

import pytest
from psycopg import Connection

from tests.marketplace import consent, contact, person, service
from tests.outbox import NOW, claim, delivery, message, rows, value

Db = Connection[Any]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("{address}, দিন বেছে নিন: {link}\nবার্তা না চাইলে: {stop_link}", "{address}, দিন বেছে নিন…"),
        ("{address}, pick a day: {link}\nTo stop: {stop_link}", "{address}, pick a day…"),
        ("{address}, দেরি হতে পারে। দুঃখিত।\nবার্তা না চাইলে: {stop_link}", "{address}, দেরি হতে পারে। দুঃখিত।"),
        ("{address}, দিন বাছুন {link}। বার্তা না চাইলে {stop_link}।", "{address}, দিন বাছুন…"),
        ("এখানে:\n{link}\n{add_on_line}\nনা চাইলে {stop_link}", "এখানে:\n…\n{add_on_line}"),
        ("বার্তা না চাইলে: {stop_link}\nদিন বেছে নিন – {link}", "দিন বেছে নিন…"),
        ("no links at all", "no links at all"),
        # Nothing would remain: the text is unchanged.
        ("{link} {stop_link}", "{link} {stop_link}"),
    ],
)
def test_body_without_links(db: Db, body: str, expected: str) -> None:
    assert value(db, "select text.without_links(%s)", body) == expected


def test_every_short_house_text_is_complete_without_links(db: Db) -> None:
    found = rows(
        db,
        "select body, text.without_links(body) as bare from text.template where origin = 'house' and form = 'short'",
    )
    assert len(found) > 60
    for text in found:
        assert "link}" not in text["bare"], text
        # It ends with a sentence and keeps everything before the links.
        assert text["bare"][-1] in "…।.!?", text
        assert text["body"].startswith(text["bare"].rstrip("…")), text


@pytest.mark.parametrize(("channel", "address"), [("push", "a-device-token"), ("whatsapp", "+8801712345678")])
def test_links_are_given_beside_the_text(db: Db, channel: str, address: str) -> None:
    user = person(db)
    consent(db, user, channel)
    contact(db, user, channel, address)
    text = value(db, "select template_id from text.template where form = 'short' and language = 'bn' limit 1")
    message_id = message(db, user, channel=channel, template_id=text, service_id=service(db))
    (given,) = claim(db, channel=channel)["messages"]
    assert "http" not in given["body"]
    assert given["link"].startswith("https://shokti.example/l/")
    assert given["stop_link"].startswith("https://shokti.example/u/")
    # Preview, message and delivery are identical.
    assert delivery(db, message_id)["body"] == given["body"]
    assert value(db, "select body from outreach.rendered_message(%s, 'l', 'u')", message_id) == given["body"]


def test_no_booking_link_without_a_service(db: Db) -> None:
    user = person(db, consents=("email",))
    text = value(
        db,
        "select template_id from text.template where kind = 'announcement' and variant = 'delay' and form = 'long'"
        " and language = 'bn'",
    )
    message(db, user, service_id=None, template_id=text, kind="announcement", due=NOW)
    (given,) = claim(db)["messages"]
    assert given["link"] is None
    assert given["stop_link"] in given["body"]
