"""Scanners that fetch links change nothing; withdrawing consent takes one POST, for years."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest
from psycopg import Connection

from tests import marketplace
from tests.app.claimed_messages import ClaimedMessage, claimed_message
from tests.app.serving import BROWSER, Edge
from tests.conftest import Clock

Db = Connection[Any]

AGENTS = (
    BROWSER["user-agent"],
    "Mozilla/5.0 (compatible; GoogleImageProxy)",
    "Slackbot-LinkExpanding 1.0",
    "curl/8.5",
    "",
)


@pytest.fixture
def sent(db: Db, clock: Clock) -> ClaimedMessage:
    service = marketplace.service(db)
    sent = claimed_message(db, clock.now(), service_id=service, add_on_ids=[marketplace.add_on(db, service)])
    clock.advance(minutes=10)
    return sent


def everything(db: Db) -> dict[str, Any]:
    """A hash of each of our tables."""
    tables = db.execute(
        """select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
           where c.relkind = 'r' and n.nspname = any ('{policy,queue,account,market,outreach,smartengage}')"""
    ).fetchall()
    found = {}
    for (table,) in tables:
        row = db.execute(
            f"select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) from {table} t"
        ).fetchone()
        assert row is not None
        found[table] = row[0]
    return found


def active(db: Db, sent: ClaimedMessage) -> bool:
    row = db.execute(
        "select count(*) from account.consent where user_id = %s and upper_inf(valid_at)", [sent.user_id]
    ).fetchone()
    assert row is not None
    return bool(row[0])


def test_scenario_33_scanners_fetch_every_link_and_nothing_changes(edge: Edge, db: Db, sent: ClaimedMessage) -> None:
    before = everything(db)
    for agent in AGENTS:
        for accept in (BROWSER["accept"], "application/json", "*/*"):
            with edge.client(**{"user-agent": agent, "accept": accept}) as scanner:
                for method in ("GET", "HEAD"):
                    for path in (sent.link, sent.stop_link):
                        for tail in ("", "?utm_source=mail"):
                            answer = scanner.request(method, path + tail, follow_redirects=True)
                            assert answer.status_code == 200, (method, path, answer.text)
                    for path in (sent.link + "/book", sent.link + "/click"):
                        assert scanner.request(method, path).status_code == 405
                for path in (sent.link, sent.stop_link):
                    assert scanner.options(path).status_code == 405
    assert everything(db) == before


def test_scenario_34_one_click_works_signed_out_twice_and_years_later(
    edge: Edge, db: Db, clock: Clock, sent: ClaimedMessage
) -> None:
    clock.advance(days=2 * 365)
    with httpx2.Client(base_url=edge.url) as provider:
        for _ in range(2):
            answer = provider.post(
                sent.stop_link,
                content=b"List-Unsubscribe=One-Click",
                headers={"content-type": "application/x-www-form-urlencoded"},
            )
            assert answer.status_code == 200
            assert not active(db, sent)
    withdrawn = db.execute(
        "select upper(valid_at), withdrawn_source from account.consent where user_id = %s", [sent.user_id]
    ).fetchall()
    assert withdrawn == [(clock.now(), "link")]


FORM = "application/x-www-form-urlencoded"
ONE_CLICK = b"List-Unsubscribe=One-Click"
PART = b'--xyz\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--xyz--\r\n'


@pytest.mark.parametrize(
    ("content_type", "content"),
    [
        pytest.param(FORM, ONE_CLICK, id="RFC 8058"),
        pytest.param("multipart/form-data; boundary=xyz", PART, id="multipart"),
        pytest.param("multipart/form-data", PART[:40], id="incomplete multipart"),
        pytest.param(FORM, b"", id="empty form"),
        pytest.param(FORM, ONE_CLICK + b"&reason=too+many&reason=%FF", id="more fields"),
        pytest.param(FORM, b"List-Unsubscribe=Maybe", id="another value"),
        pytest.param("application/json", b"{}", id="JSON"),
        pytest.param("application/json", b'{"List-Unsubscribe": ', id="invalid JSON"),
        pytest.param("text/plain", ONE_CLICK, id="text"),
        pytest.param("no such; type=", b"\x00\xff" * 100, id="garbage"),
        pytest.param(FORM, b"x" * (300 * 1024), id="beyond the limit"),
        pytest.param(None, ONE_CLICK, id="no type"),
        pytest.param(None, b"", id="nothing"),
    ],
)
def test_one_click_withdraws_whatever_the_body_is(
    edge: Edge, db: Db, sent: ClaimedMessage, content_type: str | None, content: bytes
) -> None:
    headers = {"content-type": content_type} if content_type else {}
    with httpx2.Client(base_url=edge.url) as provider:
        answer = provider.post(sent.stop_link, content=content, headers=headers)
        assert answer.status_code == 200, answer.text
        assert not active(db, sent)
        # The connection is usable although the body was not read.
        assert provider.get("/healthz").status_code == 200


def test_the_page_asks_and_the_button_stops(
    browser: httpx2.Client, app: httpx2.Client, db: Db, sent: ClaimedMessage
) -> None:
    page = browser.get(sent.stop_link)
    assert "এই বার্তাগুলো আর চান না?" in page.text
    assert app.get(sent.stop_link).json() == {
        "language": "bn",
        "channel": "email",
        "purpose": "outreach",
        "active": True,
    }
    assert active(db, sent)
    done = browser.post(sent.stop_link, data={})
    assert done.status_code == 200
    assert "ঠিক আছে, আর পাঠাব না" in done.text
    assert "ধন্যবাদ" in done.text
    assert app.get(sent.stop_link).json()["active"] is False
    assert "ঠিক আছে, আর পাঠাব না" in browser.get(sent.stop_link).text


def test_english_readers_get_english(browser: httpx2.Client, db: Db, clock: Clock) -> None:
    sent = claimed_message(db, clock.now(), language="en", full_name="Farhana Karim")
    page = browser.get(sent.stop_link).text
    assert '<html lang="en">' in page
    assert "no more service reminders by e-mail" in page
