"""Scenarios 47 and 48: what SQL rendered is what arrives, to the byte, its links and their tails included."""

from __future__ import annotations

import asyncio
import email
import email.policy
import html
import re
from collections.abc import Iterator
from typing import Any

import pytest
from psycopg import Connection

from tests.doubles.process import Provider, started
from tests.doubles.sms_gateway import SID, TOKEN
from tests.marketplace import contact, person
from tests.outbox import claim, message, row, rows, value
from tests.worker.messages import message as letter
from worker.channels.channel import Accepted, Message
from worker.channels.mime import MessageWriter
from worker.channels.sms import SslWireless

Db = Connection[Any]

#: What mail programs and campaigns hang on to links: each part means something else in one of the encodings.
TAILS = (
    "",
    "?utm_source=email&utm_medium=crm&utm_campaign=reminder",
    "?utm_campaign=%E0%A6%86%E0%A6%AC%E0%A6%BE%E0%A6%B0&utm_term=a%20b+c",
    "?a=1&amp=2&lt=3&copy=4&x==3D=0A=&y=.&z=..",
    "?q=" + "x" * 900,
)


def parts(content: bytes) -> dict[str, str]:
    """The readable parts of an e-mail, as a mail program decodes them."""
    parsed = email.message_from_bytes(content, policy=email.policy.default)
    return {
        part.get_content_type(): part.get_content().replace("\r\n", "\n")
        for part in parsed.walk()
        if part.get_content_maintype() == "text"
    }


@pytest.fixture(scope="module")
def gateway() -> Iterator[Provider]:
    with started("tests.doubles.sms_gateway") as port:
        yield Provider(f"http://127.0.0.1:{port}")


def by_sms(gateway: Provider, given: Message) -> str:
    """The text as the gateway understood it."""

    async def send() -> object:
        channel = SslWireless(gateway.url, TOKEN, SID, 20.0)
        try:
            return await channel.send(given)
        finally:
            await channel.close()

    assert isinstance(asyncio.run(send()), Accepted)
    return str(gateway.taken()[-1]["text"])


@pytest.mark.parametrize("tail", TAILS)
def test_links_survive_every_encoding(gateway: Provider, tail: str) -> None:
    link, stop = f"https://shokti.example/l/AbC_-12{tail}", f"https://shokti.example/u/AbC_-12{tail}"
    body = f"শুভেচ্ছা,\n\nআবার লাগলে সময় নিন।\n\nবুক করুন: {link}\n\nনা চাইলে: {stop}"
    given = letter(body=body, link=link, stop_link=stop)
    read = parts(MessageWriter("Shokti <hello@shokti.example>").message(given))
    assert read["text/plain"].rstrip("\n") == body
    hrefs = [html.unescape(found) for found in re.findall(r'href="([^"]*)"', read["text/html"])]
    assert link in hrefs
    assert stop in hrefs
    if len(tail) < 200:
        assert by_sms(gateway, letter("+8801712345678", channel="sms", subject="", body=body)) == body


@pytest.mark.parametrize("language", ["bn", "en"])
def test_the_preview_is_what_arrives_to_the_byte(db: Db, gateway: Provider, language: str) -> None:
    """Every house text in use, long and short, from the claim through the adapter; the preview is asked beforehand."""
    texts = rows(
        db, "select template_id, form from text.template where language = %s and kind = 'reminder'"
        " and retired_at is null order by template_id", language,
    )  # fmt: skip
    for text in texts:
        channel = "email" if text["form"] == "long" else "sms"
        user = person(db, consents=[channel], language=language, full_name="আয়েশা সিদ্দিকা")
        if channel == "sms":
            contact(db, user, "sms", f"+88017{len(rows(db, 'select from account.contact')):08d}")
        message_id = message(db, user, channel=channel, template_id=text["template_id"])
        before = row(db, "select * from outreach.rendered_message(%s, 'LINK', 'STOP')", message_id)
        (given,) = claim(db, channel=channel)["messages"]
        sent = Message(**given)
        seen = before["body"].replace("LINK", sent.link).replace("STOP", sent.stop_link)
        assert sent.body == seen
        assert sent.subject == before["subject"]
        if channel == "sms":
            assert by_sms(gateway, sent).encode() == seen.encode()
            assert value(db, "select text.sms_segments(%s)", sent.body) <= 4
        else:
            content = MessageWriter("Shokti <hello@shokti.example>").message(sent)
            assert parts(content)["text/plain"].rstrip("\n").encode() == seen.encode()
            parsed = email.message_from_bytes(content, policy=email.policy.default)
            assert parsed["subject"] == before["subject"]
