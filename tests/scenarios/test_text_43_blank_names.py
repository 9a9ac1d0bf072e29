"""Scenario 43: whatever stands where a name should be, the message greets properly."""

import pytest

from db.connection import Connection

NO_NAMES = [
    None, "", " ", "\t\n", "-", "...", ",", "N/A", "null", "\u200b", "\u200d", "{}", "<>", "।",
    "০১৭১২৩৪৫৬৭৮", "rahim@example.com",
]  # fmt: skip
ODD_NAMES = [" রহিম ", "রহিম,", "রহিম\nউদ্দিন", "{stop_link}", "{{রহিম}}", "<script>", "Md. Rahim", "ও'ব্রায়ান", "র‍্যাচেল"]

GREETED = """
    select text.fill_placeholders(
      t.body,
      jsonb_build_object(
        'address', text.salutation(n.name, f.form, g.greeting, t.language),
        'service', 'এসি সার্ভিসিং', 'date', 'সোমবার, ২৩ নভেম্বর',
        'link', 'https://shokti.example/l/1', 'stop_link', 'https://shokti.example/u/1'))
    from text.template t
    cross join unnest(%s::text[]) as n (name)
    cross join unnest(array['none', 'bhai', 'apa', 'dada', 'didi']) as f (form)
    cross join unnest(array['shubheccha', 'assalamu_alaikum', 'nomoskar']) as g (greeting)
    where t.language = %s
      and t.form = 'long'
      and t.kind = 'reminder'
"""


@pytest.mark.parametrize(
    ("language", "blank"),
    [
        ("bn", {"প্রিয় গ্রাহক,", "আসসালামু আলাইকুম, প্রিয় গ্রাহক,", "নমস্কার, প্রিয় গ্রাহক,"}),
        ("en", {"Dear customer,", "Assalamu alaikum, dear customer,", "Nomoskar, dear customer,"}),
    ],
)
def test_without_a_name_the_greeting_is_whole(template_connection: Connection, language: str, blank: set[str]) -> None:
    texts = [text for (text,) in template_connection.execute(GREETED, [NO_NAMES, language])]
    assert len(texts) >= 13 * len(NO_NAMES) * 15
    assert {text.split("\n")[0] for text in texts} == blank


@pytest.mark.parametrize("language", ["bn", "en"])
def test_an_odd_name_breaks_nothing(template_connection: Connection, language: str) -> None:
    for (text,) in template_connection.execute(GREETED, [ODD_NAMES, language]):
        first, second, *_ = text.split("\n")
        assert second == ""
        assert first.endswith(",")
        assert not first.endswith((" ,", ",,"))
        assert not set("{}<>\x01") & set(text)
        assert text.count("https://") == 2
