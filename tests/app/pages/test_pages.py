"""Pages: self-contained, in the language of the reader, accessible."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg import Connection

from app.pages import formatting
from app.pages.wording import BENGALI, ENGLISH
from db import connect
from db.embedded.temporary import TemporaryServer
from tests import marketplace
from tests.app.claimed_messages import ClaimedMessage, claimed_message
from tests.conftest import Clock

Db = Connection[Any]


class Tags(HTMLParser):
    """Every start tag with its attributes; asserts that tags are closed."""

    VOID = frozenset({"meta", "link", "input", "br", "path", "circle", "rect"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


@pytest.fixture
def sent(db: Db, clock: Clock) -> ClaimedMessage:
    service = marketplace.service(db, name_bn="এসি <সার্ভিসিং>", name_en="AC <servicing>", price_poisha=12_500_000)
    add_on = marketplace.add_on(db, service)
    at = datetime.fromisoformat("2026-11-26T10:30:00+06:00")
    sent = claimed_message(
        db, clock.now(), service_id=service, add_on_ids=[add_on], suggested_at=at, address_form="apa"
    )
    clock.advance(minutes=5)
    return sent


@pytest.fixture(params=["open", "booked", "stop", "stopped", "unknown", "expired"])
def page(request: pytest.FixtureRequest, browser: httpx2.Client, sent: ClaimedMessage, clock: Clock) -> httpx2.Response:
    """Each kind of page."""
    if request.param == "booked":
        browser.post(sent.link + "/book", data={"scheduled_at": "2026-11-26T10:30"})
    if request.param == "stopped":
        return browser.post(sent.stop_link, data={})
    if request.param == "expired":
        clock.advance(days=60)
    return browser.get({"stop": sent.stop_link, "unknown": "/l/unknown"}.get(request.param, sent.link))


def test_pages_load_nothing_from_elsewhere(page: httpx2.Response) -> None:
    for _, attributes in Tags(page.text).found:
        for name in ("src", "href", "action", "srcset", "poster"):
            address = attributes.get(name) or "/"
            assert re.match(r"/\w|/$|data:image/svg\+xml,", address), address
    assert "@import" not in page.text
    assert "url(" not in page.text


def test_scripts_and_styles_carry_the_nonce_of_this_answer(page: httpx2.Response, browser: httpx2.Client) -> None:
    policy = page.headers["content-security-policy"]
    (nonce,) = set(re.findall(r"'nonce-([\w-]+)'", policy))
    tags = Tags(page.text)
    assert {attributes.get("nonce") for attributes in tags.named("style") + tags.named("script")} == {nonce}
    assert "unsafe" not in policy
    assert not [name for _, attributes in tags.found for name in attributes if name.startswith("on") or name == "style"]
    assert nonce not in browser.get(page.url.path).headers["content-security-policy"]


def test_pages_are_neither_cached_nor_indexed(page: httpx2.Response) -> None:
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["x-robots-tag"] == "noindex, nofollow"
    assert page.headers["content-type"] == "text/html; charset=utf-8"


def test_pages_can_be_read_aloud_and_reached_by_keyboard(page: httpx2.Response) -> None:
    tags = Tags(page.text)
    assert tags.named("html")[0]["lang"] == "bn"
    assert len(tags.named("title")) == len(tags.named("main")) == 1
    assert tags.named("h1")
    labels = {attributes.get("for") for attributes in tags.named("label")}
    for field in tags.named("input"):
        assert field.get("id") in labels or field["type"] == "checkbox"
    for picture in tags.named("svg"):
        assert picture["aria-hidden"] == "true"
    assert "width=device-width" in page.text
    assert "user-scalable" not in page.text


def test_the_booking_is_filled_in(browser: httpx2.Client, sent: ClaimedMessage) -> None:
    page = browser.get(sent.link).text
    assert "শুভেচ্ছা, রহিমা খাতুন আপা" in page
    assert "এসি &lt;সার্ভিসিং&gt;" in page
    assert "<সার্ভিসিং>" not in page
    assert "৳১,২৫,০০০" in page
    assert "৳১,২৫,৩০০" in page
    assert "বৃহস্পতিবার, ২৬ নভেম্বর" in page
    assert "সকাল সাড়ে ১০টা" in page
    assert "বুক করুন" in page
    fields = {field["name"]: field for field in Tags(page).named("input")}
    assert fields["scheduled_at"]["value"] == "2026-11-26T10:30"
    assert "checked" in fields["add_on_ids"]


def test_english_for_those_who_chose_it(browser: httpx2.Client, db: Db, clock: Clock) -> None:
    sent = claimed_message(
        db, clock.now(), language="en", full_name="Farhana Karim", service_id=marketplace.service(db)
    )
    page = browser.get(sent.link).text
    assert '<html lang="en">' in page
    for words in ("Home cleaning", "৳1,500", "10:00 am", "Takes about 2 hours"):
        assert words in page
    assert not re.search("[\u0980-\u09ff]", page.partition("<main>")[2].partition("</main>")[0].replace("৳", ""))


def test_a_person_without_a_name_is_greeted_too(browser: httpx2.Client, db: Db, clock: Clock) -> None:
    page = browser.get(claimed_message(db, clock.now(), full_name=None).link).text
    assert "প্রিয় গ্রাহক" in page
    assert "None" not in page


def test_both_languages_say_the_same_things() -> None:
    assert BENGALI.keys() == ENGLISH.keys()
    for key, text in BENGALI.items():
        assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", ENGLISH[key])), key


def test_bengali_is_bengali_and_normalized() -> None:
    for key, text in BENGALI.items():
        assert not re.search("[A-Za-z0-9]", re.sub(r"\{\w+\}", "", text)), key
        assert unicodedata.is_normalized("NFC", text), key


def test_bengali_keeps_the_respectful_register(db: Db) -> None:
    forbidden = {
        word for (word,) in db.execute("select word from text.listed_word where list in ('register', 'shame')").fetchall()
    }  # fmt: skip
    assert len(forbidden) > 20
    for key, text in BENGALI.items():
        words = set(re.findall("[\u0980-\u09ff\u200c\u200d]+", unicodedata.normalize("NFC", text)))
        assert not words & forbidden, key


instants = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))


@settings(max_examples=20, deadline=None)
@given(st.lists(instants, min_size=50, max_size=200))
def test_pages_write_dates_as_messages_do(twin: Db, cases: list[datetime]) -> None:
    rows = twin.execute(
        """select text.local_date(c.at, 'Asia/Dhaka', l.language)
           from unnest(%s::timestamptz[]) with ordinality as c (at, position)
           cross join (values ('bn', 1), ('en', 2)) as l (language, place)
           order by c.position, l.place""",
        [cases],
    ).fetchall()
    assert [(formatting.local_date(at, language),) for at in cases for language in ("bn", "en")] == rows


@pytest.fixture(scope="module")
def twin(server: TemporaryServer, database_name: str) -> Iterator[Db]:
    with connect(server.url(database_name), role="shokti_owner") as connection:
        yield connection


@pytest.mark.parametrize(
    ("minutes", "bengali", "english"),
    [(45, "৪৫ মিনিট", "45 minutes"), (60, "১ ঘণ্টা", "1 hour"), (150, "২ ঘণ্টা ৩০ মিনিট", "2 hours 30 minutes")],
)
def test_durations(minutes: int, bengali: str, english: str) -> None:
    assert (formatting.duration(minutes, "bn"), formatting.duration(minutes, "en")) == (bengali, english)


def test_the_time_in_the_form_is_local() -> None:
    at = datetime(2026, 11, 26, 20, 30, tzinfo=UTC)
    assert formatting.input_time(at) == "2026-11-27T02:30"
    assert formatting.input_time(at + timedelta(seconds=59)) == "2026-11-27T02:30"
