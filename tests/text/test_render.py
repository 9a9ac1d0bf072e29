"""Names, salutations and the filling of placeholders."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.types.json import Jsonb

from db.connection import Connection
from tests.text.judging import one

BODY = """{address},

আবার {service} দরকার হওয়ার সময় বোধহয় কাছে। আমরা একটা দিন ভেবে রেখেছি: {date}।
{add_on_line}

এখান থেকে বুক করুন:
{link}

ভালো থাকবেন।
বার্তা না চাইলে: {stop_link}"""

VALUES = {
    "address": "শুভেচ্ছা, রহিম ভাই",
    "service": "এসি সার্ভিসিং",
    "date": "সোমবার, ২৩ নভেম্বর",
    "add_on_line": "চাইলে সঙ্গে ফ্রিজ পরিষ্কার যোগ করতে পারেন।",
    "link": "https://shokti.example/l/abc",
    "stop_link": "https://shokti.example/u/abc",
}


def filled(db: Connection, text: str | None, values: dict[str, Any] | None) -> Any:
    return one(db, "text.fill_placeholders(%s, %s)", text, None if values is None else Jsonb(values))


def test_every_placeholder_gets_its_value(template_connection: Connection) -> None:
    expected = BODY
    for placeholder, value in VALUES.items():
        expected = expected.replace("{" + placeholder + "}", value)
    assert filled(template_connection, BODY, VALUES) == expected


@pytest.mark.parametrize("nothing", ["", "   ", None])
def test_line_with_only_an_empty_placeholder_is_removed(template_connection: Connection, nothing: str | None) -> None:
    text = filled(template_connection, BODY, VALUES | {"add_on_line": nothing})
    assert "নভেম্বর।\n\nএখান থেকে" in text


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("{a}", ""),
        ("{a},", ""),
        ("{a}, কথা", "কথা"),
        ("কথা {a}, শেষ", "কথা শেষ"),
        ("কথা, {a}।", "কথা।"),
        ("কথা: {a}", "কথা"),
        ("কথা: {a}। শেষ", "কথা। শেষ"),
        ("ক, {a}, খ", "ক, খ"),
        ("ক {a} খ", "ক খ"),
        ("ক ({a}) খ", "ক খ"),
        ("ক {a}{a} খ", "ক খ"),
        ("{a} {b}, {c}", "গ"),
        ("{a},\n\nখ", "খ"),
        ("ক\n\n{a}", "ক"),
        ("ক\n{a}\nখ", "ক\nখ"),
        ("ক\n\n{a}\n\nখ", "ক\n\nখ"),
        ("ক\n\n{a}\n\n{b},\n\nখ", "ক\n\nখ"),
        ("{unknown} {c}", "গ"),
        ("{C}{ c }{c}", "গ"),
        ("{c}{c}", "গগ"),
        ("{c}\n\n\n{c}", "গ\n\n\nগ"),
        ("{c", "c"),
        ("", ""),
        (None, None),
    ],
)
def test_missing_value_leaves_no_gap(template_connection: Connection, text: str | None, result: str | None) -> None:
    assert filled(template_connection, text, {"a": "", "b": None, "c": "গ"}) == result


def test_no_values(template_connection: Connection) -> None:
    assert filled(template_connection, "ক {a}", None) == "ক"


def test_a_value_is_never_read_as_a_template(template_connection: Connection) -> None:
    assert filled(template_connection, "{service} {link}", {"service": "{link}", "link": "x"}) == "{link} x"


def test_link_can_stay_a_placeholder(template_connection: Connection) -> None:
    text = filled(template_connection, BODY, VALUES | {"link": "{link}", "stop_link": "{stop_link}"})
    assert "\n{link}\n" in text
    assert text.endswith("{stop_link}")


value = st.one_of(st.none(), st.sampled_from(["", " ", "রহিম", "এসি সার্ভিসিং", "ক, খ"]))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.fixed_dictionaries(dict.fromkeys(VALUES, value)))
def test_no_missing_value_leaves_a_placeholder_comma_or_gap(
    template_connection: Connection, values: dict[str, str | None]
) -> None:
    text = filled(template_connection, BODY, values)
    assert not set("{}\x01") & set(text)
    assert "\n\n\n" not in text
    assert "  " not in text
    for line in text.split("\n"):
        assert line == line.strip()
        assert not line.startswith((",", ":", "।"))
        assert ",," not in line
        assert " ," not in line
        assert " ।" not in line


@pytest.mark.parametrize(
    ("name", "form", "greeting", "language", "address"),
    [
        ("রহিম", "bhai", "assalamu_alaikum", "bn", "আসসালামু আলাইকুম, রহিম ভাই"),
        ("রহিম উদ্দিন", "none", "shubheccha", "bn", "শুভেচ্ছা, রহিম উদ্দিন"),
        ("মিতা রায়", "didi", "nomoskar", "bn", "নমস্কার, মিতা রায় দিদি"),
        ("সুমন দে", "dada", "nomoskar", "bn", "নমস্কার, সুমন দে দাদা"),
        ("নাসরিন", "apa", "shubheccha", "bn", "শুভেচ্ছা, নাসরিন আপা"),
        ("রহিম ভাই", "bhai", "shubheccha", "bn", "শুভেচ্ছা, রহিম ভাই"),
        ("রহিম", None, None, None, "শুভেচ্ছা, রহিম"),
        ("রহিম", "uncle", "hey", "fr", "শুভেচ্ছা, রহিম"),
        (None, "bhai", "shubheccha", "bn", "প্রিয় গ্রাহক"),
        ("", "apa", "assalamu_alaikum", "bn", "আসসালামু আলাইকুম, প্রিয় গ্রাহক"),
        ("Rahim", "none", "shubheccha", "en", "Hello Rahim"),
        ("Rahim", "bhai", "assalamu_alaikum", "en", "Assalamu alaikum, Rahim Bhai"),
        (" ", "didi", "nomoskar", "en", "Nomoskar, dear customer"),
        (None, None, None, "en", "Dear customer"),
    ],
)
def test_salutation(
    template_connection: Connection,
    name: str | None,
    form: str | None,
    greeting: str | None,
    language: str | None,
    address: str,
) -> None:
    assert one(template_connection, "text.salutation(%s, %s, %s, %s)", name, form, greeting, language) == address


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("মোঃ আব্দুর রহিম", "মোঃ আব্দুর রহিম"),
        ("Md. Karim", "Md. Karim"),
        ("Md.Karim", "Md.Karim"),
        ("O'Brien", "O'Brien"),
        ("José", "José"),
        ("আল-আমিন", "আল-আমিন"),
        ("র‍্যাচেল", "র‍্যাচেল"),
        ("  রহিম \t উদ্দিন ,", "রহিম উদ্দিন"),
        ("রহিম\nউদ্দিন", "রহিম উদ্দিন"),
        ("রহিম\r\nBcc: x", "রহিম Bcc: x"),
        ("{link}", "link"),
        ("<b>রহিম</b>", None),
        ("\u202eরহিম\u200b", "রহিম"),
        ("রায়", "রায়"),
        ("", None),
        (" \t\n", None),
        ("-", None),
        (".", None),
        ("N/A", None),
        ("NULL", None),
        ("গ্রাহক", None),
        ("নাম নেই", None),
        ("নাম জানা নেই", None),
        ("অজানা গ্রাহক", None),
        ("No name", None),
        ("NULL  NULL", None),
        ("N.A. N.A.", None),
        ("Unknown Customer.", None),
        ("Test User", None),
        ("নাইমা নাম", "নাইমা নাম"),
        ("Noor Guest", "Noor Guest"),
        ("Tester Khan", "Tester Khan"),
        ("জানা বেগম", "জানা বেগম"),
        ("01712345678", None),
        ("০১৭১২৩৪৫৬৭৮", None),
        ("rahim@example.com", None),
        ("https://evil.example", None),
        ("win at evil.com now", None),
        ("ক" * 61, None),
        ("\u200d", None),
        ("😀", None),
        (None, None),
    ],
)
def test_display_name(template_connection: Connection, name: str | None, shown: str | None) -> None:
    assert one(template_connection, "text.display_name(%s)", name) == shown
