"""Scenario 47: a message's link is a bare token, the same in every encoding; where it leads, utm_… say the rest."""

from __future__ import annotations

import email
import email.policy
import html
import json
import re
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import UUID

import httpx2
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from psycopg import Connection

from tests.app.serving import APP, BROWSER, serving
from tests.candidates import without_global_control
from tests.conftest import Clock, Connect
from tests.marketplace import campaign, consent, contact, person, service
from tests.outbox import NOW, URL, claim, message, reader, record_event, record_outcome, rows, value
from tests.worker.messages import message as letter
from worker.channels.channel import Message
from worker.channels.fcm import push
from worker.channels.mime import MessageWriter
from worker.channels.whatsapp import template_message

Db = Connection[Any]
CHANNELS = ("email", "sms", "whatsapp", "push")
ADDRESSES = {"sms": "+8801712345678", "whatsapp": "+8801712345678", "push": "device-one:APA91b0123456789"}
#: Sixteen bytes: what a short text can afford.
LINK = re.compile(re.escape(URL) + "/l/[A-Za-z0-9_-]{22}")
LETTERHEAD = MessageWriter("Shokti <hello@shokti.example>")

NAMES = st.text(
    st.one_of(
        st.sampled_from("আকখগঘঙচছজঝঞটঠডঢণতথদধনপফবভমযরলশষসহড়ঢ়য়ৎংঃঁািীুূৃেৈোৌ্০১২৩৪৫৬৭৮৯"),
        st.sampled_from(" &%+=?#/;:,.'\"<>\\@!$*()[]{}|^`~\u200d\u200c"),
        st.sampled_from("🧹🏠👨‍🔧🇧🇩❄️"),
        st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]),
    ),
    min_size=1,
    max_size=100,
).filter(lambda name: bool(name.strip(" ")))


def mail(given: Message) -> tuple[str, str]:
    """The two readable parts, as a mail program decodes them."""
    parsed = email.message_from_bytes(LETTERHEAD.message(given), policy=email.policy.default)
    plain, page = (parsed.get_body((kind,)) for kind in ("plain", "html"))
    assert plain is not None
    assert page is not None
    return plain.get_content(), page.get_content()


def sent_by(db: Db, channel: str, campaign_id: UUID) -> Message:
    """A message of a campaign, claimed."""
    user = person(db, phone=None)
    consent(db, user, channel)
    if channel in ADDRESSES:
        contact(db, user, channel, ADDRESSES[channel])
    message(db, user, channel=channel, campaign_id=campaign_id)
    (claimed,) = claim(db, channel=channel)["messages"]
    record_outcome(db, claimed["message_id"], "accepted")
    return Message(**claimed)


@pytest.mark.parametrize("channel", CHANNELS)
def test_the_link_is_a_token_that_no_encoding_touches(db: Db, channel: str) -> None:
    given = sent_by(db, channel, campaign(db, name="ঈদ & Eid 50% + 🧹"))
    assert given.link is not None
    assert LINK.fullmatch(given.link)
    token = given.link.removeprefix(f"{URL}/l/")
    if channel == "email":
        plain, page = mail(given)
        assert given.link in plain
        assert f'href="{given.link}"' in page
    elif channel == "sms":
        assert LINK.findall(given.body) == [given.link]
    elif channel == "whatsapp":
        buttons = template_message("8801712345678", "shokti_outreach", given)["template"]["components"][1:]
        assert [one["parameters"][0]["text"] for one in buttons] == [token, token]
    else:
        data = json.loads(json.dumps(push(given)))["message"]["data"]
        assert data["link"] == given.link
    # None says what it belongs to: not even the page's address does before it is opened.
    assert "utm" not in json.dumps(push(given)) + given.body


def test_the_page_tells_where_its_visitor_came_from(db: Db, database_url: str, clock: Clock) -> None:
    """Whatever a campaign is called, for browsers by the address, for apps by the answer; looking changes nothing."""
    clock.set("2026-11-23T10:00:00+06:00")
    campaign_id = campaign(db)
    given_by = {channel: sent_by(db, channel, campaign_id) for channel in CHANNELS}
    links = {channel: (one.link or "").removeprefix(URL) for channel, one in given_by.items()}
    texts = dict(db.execute("select channel, template_id::text from outreach.message").fetchall())
    before = state_of_all(db)
    with (
        serving(database_url) as edge,
        httpx2.Client(base_url=edge.url, headers=BROWSER, timeout=30) as browser,
        httpx2.Client(base_url=edge.url, headers=APP, timeout=30) as app,
    ):

        @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
        @given(name=NAMES, channel=st.sampled_from(CHANNELS))
        @example(name="ঈদ উপহার & Eid", channel="sms")
        @example(name="50% + 50% = 100%", channel="email")
        @example(name="&utm_source=x#y", channel="push")
        @example(name="ক্ষ\u200dর্‍্য 🧹👨‍🔧", channel="whatsapp")
        def survives(name: str, channel: str) -> None:
            db.execute("update smartengage.campaign set name = %s where campaign_id = %s", [name, campaign_id])
            expected = {
                "utm_source": "shokti", "utm_medium": channel, "utm_campaign": name, "utm_content": texts[channel],
            }  # fmt: skip
            sent_on = browser.get(links[channel])
            assert (sent_on.status_code, sent_on.headers["cache-control"]) == (302, "no-store")
            address = sent_on.headers["location"]
            assert address.isascii()
            parsed = urlsplit(address)
            assert (parsed.scheme, parsed.netloc, parsed.path, parsed.fragment) == ("", "", links[channel], "")
            assert parse_qs(parsed.query, strict_parsing=True) == {key: [one] for key, one in expected.items()}
            # There it is shown, and nobody is sent round in circles.
            assert browser.get(address).status_code == 200
            assert app.get(links[channel]).json()["utm"] == expected
            # Copied into a letter, with and without a mail program's own encoding, it stays what it is.
            copied = f"https://shokti.example{address}"
            plain, page = mail(letter(link=copied, body=f"শুভেচ্ছা,\n\nবুক করুন: {copied}"))
            assert copied in plain
            assert copied in [html.unescape(found) for found in re.findall(r'href="([^"]*)"', page)]
            assert unquote(parsed.query.partition("utm_campaign=")[2].partition("&")[0]) == name

        survives()
        assert browser.head(links["email"]).status_code == 302
        # What programs hang on to addresses stays, and a mark that is there already is not overwritten.
        kept = browser.get(links["email"] + "?fbclid=IwAR0").headers["location"]
        assert parse_qs(urlsplit(kept).query)["fbclid"] == ["IwAR0"]
        assert browser.get(links["email"] + "?utm_source=newsletter").status_code == 200
    assert state_of_all(db) == before


def state_of_all(db: Db) -> list[dict[str, Any]]:
    """Messages, sendings, links and events: what a look could have changed."""
    return [
        {table: [dict(one) for one in rows(db, f"select to_jsonb(t) as row from outreach.{table} t order by t::text")]}
        for table in ("message", "delivery", "link", "message_event")
    ]


def test_a_booked_link_is_no_arrival(db: Db, database_url: str, clock: Clock) -> None:
    clock.set("2026-11-23T10:05:00+06:00")
    link = (sent_by(db, "email", campaign(db)).link or "").removeprefix(URL)
    with serving(database_url) as edge, httpx2.Client(base_url=edge.url, headers=BROWSER, timeout=30) as browser:
        assert browser.post(f"{link}/book", data={}).headers["location"] == f"{link}#thanks"
        assert browser.get(link).status_code == 200
        assert httpx2.get(edge.url + link, headers=APP).json()["utm"] is None


def test_analysts_read_the_same_values(db: Db, connect: Connect) -> None:
    without_global_control(db)
    campaign_id = campaign(db, name="ঈদ & Eid", kind="announcement", repeats=False)
    template_id = value(
        db, "select template_id from text.template where (kind, variant, language, form) ="
        " ('announcement', 'service', 'bn', 'long') and retired_at is null",
    )  # fmt: skip
    value(
        db,
        "select smartengage.plan_announcement_run(%s, 'bulk', %s::uuid[], 'announcement', %s, %s, '{email}', 'a test', true, %s)",
        campaign_id, [reader(db), reader(db)], template_id, service(db), NOW,
    )  # fmt: skip
    first, second = claim(db)["messages"]
    for one in (first, second):
        record_outcome(db, one["message_id"], "accepted")
    record_event(db, first["message_id"], "clicked")
    seen = rows(connect(role="shokti_analyst"), "select * from analytics.utm")
    text = value(db, "select template_id::text from outreach.message where message_id = %s", first["message_id"])
    assert seen == [{
        "local_day": NOW.date(), "utm_source": "shokti", "utm_medium": "email", "utm_campaign": "ঈদ & Eid",
        "utm_content": text, "sent": 2, "clicked": 1, "booked": 0,
    }]  # fmt: skip
