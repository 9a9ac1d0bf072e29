"""E-mails of mime.py, read back by the standard library's strict parser."""

from __future__ import annotations

import re
import unicodedata
from base64 import b64decode
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, strict
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worker.messages import BODY, message
from worker.channels.mime import MessageWriter, encoded_header, layout_of

LETTERHEAD = MessageWriter("শক্তি <reminders@shokti.example>")
LETTERS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=300)


def read(content: bytes) -> EmailMessage:
    parsed = message_from_bytes(content, policy=SMTP + strict)
    assert isinstance(parsed, EmailMessage)
    assert not parsed.defects
    return parsed


def text_of(parsed: EmailMessage, kind: str) -> str:
    part = parsed.get_body((kind,))
    assert part is not None
    assert not part.defects
    content = part.get_content()
    assert isinstance(content, str)
    return content.replace("\r\n", "\n")


def test_the_headers_say_who_what_and_how_to_stop() -> None:
    sent = message()
    parsed = read(LETTERHEAD.message(sent, at=0))
    assert parsed["From"].addresses[0].display_name == "শক্তি"
    assert parsed["From"].addresses[0].addr_spec == "reminders@shokti.example"
    assert parsed["To"].addresses[0].display_name == "রহিম উদ্দিন"
    assert parsed["To"].addresses[0].addr_spec == "rahim@example.com"
    assert parsed["Subject"] == sent.subject
    assert parsed["Message-ID"] == f"<{sent.message_id}@shokti.example>"
    assert parsed["List-Unsubscribe"] == f"<{sent.stop_link}>"
    assert parsed["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert parsed["Content-Language"] == "bn"
    assert parsed["Auto-Submitted"] == "auto-generated"
    assert parsedate_to_datetime(parsed["Date"]).timestamp() == 0
    assert parsed.get_content_type() == "multipart/alternative"


def test_the_text_part_is_the_message_to_the_letter() -> None:
    """The checked and stored text is sent unchanged."""
    assert text_of(read(LETTERHEAD.message(message())), "plain") == BODY


def test_every_attempt_has_the_same_message_id() -> None:
    first = message()
    second = message(message_id=first.message_id, attempt=2)
    assert LETTERHEAD.message_id(first) == LETTERHEAD.message_id(second)


def test_a_message_without_stop_link_promises_none() -> None:
    parsed = read(
        LETTERHEAD.message(message(stop_link=None, link=None, body="আপনার কোড {code}", purpose="transactional"))
    )
    assert parsed["List-Unsubscribe"] is None
    assert parsed["List-Unsubscribe-Post"] is None


class Page(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: dict[str, str] = {}
        self.words = ""
        self.language: str | None = None
        self._link: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._link = dict(attributes)["href"]
        if tag == "html":
            self.language = dict(attributes)["lang"]

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._link = None

    def handle_data(self, data: str) -> None:
        self.words += data
        if self._link:
            self.links[self._link] = self.links.get(self._link, "") + data.strip()


def test_the_html_part_has_a_button_and_a_quiet_way_out() -> None:
    sent = message()
    page = Page(text_of(read(LETTERHEAD.message(sent)), "html"))
    assert page.language == "bn"
    assert page.links == {sent.link: "বুক করুন", sent.stop_link: "এমন বার্তা আর না চাইলে"}
    for line in BODY.splitlines():
        assert line.partition(": http")[0] in page.words


def test_html_has_no_outside_assets() -> None:
    """Reading a message fetches nothing: no pixel, no font, no script."""
    html = text_of(read(LETTERHEAD.message(message())), "html")
    assert not re.search(r"<(img|script|link|iframe)\b|url\(|@import", html, re.IGNORECASE)


@pytest.mark.parametrize(
    ("body", "words_of_link", "above", "below"),
    [
        ("এক\n\nদুই", None, [["এক"], ["দুই"]], []),
        ("এক\nদুই", None, [["এক", "দুই"]], []),
        ("এক\n\n\n\nদুই\n", None, [["এক"], ["দুই"]], []),
        ("LINK", None, [], []),
        ("সময় বাছুন – LINK", "সময় বাছুন", [], []),
        ("এক\n\nসময় বাছুন:\nLINK\n\nদুই", "সময় বাছুন", [["এক"]], [["দুই"]]),
        ("এক\nLINK\nদুই", None, [["এক"]], [["দুই"]]),
        ("ক" * 37 + ": LINK", None, [["ক" * 37]], []),
        ("ক" * 37 + ":\nLINK", None, [["ক" * 37]], []),
        ("শেষে STOP\nএক", None, [["এক"]], []),
    ],
)
def test_lines_become_paragraphs_button_and_footer(
    body: str, words_of_link: str | None, above: list[list[str]], below: list[list[str]]
) -> None:
    layout = layout_of(message(body=body, link="LINK", stop_link="STOP"))
    assert (layout.above, layout.below) == (above, below)
    assert layout.link_words == words_of_link


@given(subject=LETTERS, name=LETTERS, body=st.text(st.characters(exclude_categories=["Cs"]), max_size=3000))
def test_any_text_survives(subject: str, name: str, body: str) -> None:
    content = LETTERHEAD.message(message(subject=subject, name=name, body=body))
    assert max(map(len, content.split(b"\r\n"))) <= 998
    assert not re.search(rb"(?m)^\.", content)
    assert content.endswith(b"\r\n")
    assert b"\n" not in content.replace(b"\r\n", b"")
    parsed = read(content)
    assert parsed["Subject"] == " ".join(subject.split())
    assert parsed["To"].addresses[0].addr_spec == "rahim@example.com"
    assert len(parsed["To"].addresses) == 1
    assert text_of(parsed, "plain") == re.sub(r"\r\n|\r|\n", "\n", body)


@given(LETTERS)
def test_no_encoded_word_is_too_long_or_cuts_a_letter(text: str) -> None:
    for word in encoded_header(text, len("Subject: ")).split(b"\r\n "):
        assert len(word) <= 76
        if word.startswith(b"=?utf-8?b?"):
            b64decode(word[10:-2], validate=True).decode()


def test_words_are_cut_where_readers_would_cut_them() -> None:
    """Some mail programs show a gap between two encoded words, so it must not split a word or a vowel sign."""
    assert parts_of("সুরাইয়া চৌধুরী") == ["সুরাইয়া ", "চৌধুরী"]
    assert all(not unicodedata.category(part[0]).startswith("M") for part in parts_of("ক্ষুদ্রাতিক্ষুদ্রনির্মাণসামগ্রীর" * 3))


def parts_of(text: str) -> list[str]:
    return [b64decode(word[10:-2]).decode() for word in encoded_header(text, len("From: ")).split(b"\r\n ")]


def test_nothing_can_be_slipped_into_the_headers() -> None:
    parsed = read(LETTERHEAD.message(message(subject="ক\r\nBcc: all@example.com", name='"\r\nBcc: x@example.com')))
    assert parsed["Bcc"] is None


def test_markup_in_a_name_stays_text() -> None:
    sent = message(body="<script>alert(1)</script> & রহিম", name="<b>")
    html = text_of(read(LETTERHEAD.message(sent)), "html")
    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; রহিম" in html
