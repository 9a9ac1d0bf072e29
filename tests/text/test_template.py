"""Only approved templates of the form of the channel are sent, and they are not changed after approval."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import Connection

from tests.marketplace import campaign, contact, person, rhythm, service
from tests.outbox import DAY, NOW, claim, deliver, house_text, message, row, rows, set_rule, state, value

Db = Connection[Any]

CHANNELS = {"email": "long", "sms": "short", "whatsapp": "short", "push": "short", "in_app": "short"}


def reachable_by(db: Db, channel: str) -> UUID:
    user = person(db, consents=[channel])
    if channel not in ("email", "in_app"):
        contact(db, user, channel, f"+88017{int(user) % 10**8:08d}")
    return user


def unapproved(db: Db, form: str = "long") -> UUID:
    made: UUID = value(
        db, "insert into text.template (kind, language, variant, form, origin, subject, body, created_at)"
        " values ('reminder', 'bn', 'zz', %s, 'house', 'কি?', '{address}', %s) returning template_id", form, NOW,
    )  # fmt: skip
    return made


@pytest.mark.parametrize(("channel", "form"), CHANNELS.items())
def test_planning_gives_each_channel_its_form(db: Db, channel: str, form: str) -> None:
    set_rule(db, "holdout.global_share", 0)
    home, user = service(db), reachable_by(db, channel)
    rhythm(db, user, home, last=NOW - 26 * DAY)
    campaign_id = campaign(db, channels=[channel])
    value(db, "select smartengage.refresh_snapshots(%s)", NOW)
    value(db, "select smartengage.plan_reminder_run(%s, 'once', %s)", campaign_id, NOW)
    found = row(
        db, "select t.form, t.language, m.channel from outreach.message m join text.template t using (template_id)"
    )
    assert found == {"form": form, "language": "bn", "channel": channel}
    # An SMS has at most the segments of the rule, links included.
    if channel == "sms":
        moment = value(db, "select due_at from outreach.message")
        (given,) = claim(db, moment, channel="sms")["messages"]
        assert value(db, "select text.sms_segments(%s)", given["body"]) <= 4
        assert given["link"] in given["body"]
        assert given["stop_link"] in given["body"]


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("form", ["long", "short"])
def test_template_of_the_wrong_form_is_refused_at_the_claim(db: Db, channel: str, form: str) -> None:
    right = CHANNELS[channel] == form
    text = house_text(db, channel="email" if form == "long" else "sms")
    message_id = message(db, reachable_by(db, channel), channel=channel, template_id=text)
    assert claim(db, channel=channel)["claimed"] == int(right)
    found = state(db, message_id)
    assert (found["state"], found["reason"], found["rule"]) == (
        ("claimed", None, None) if right else ("refused", "no_text", "approved_text")
    )


@pytest.mark.parametrize("text", ["unapproved", "wrong form", "none"])
def test_no_delivery_without_an_approved_template_of_the_form(db: Db, text: str) -> None:
    user = reachable_by(db, "sms")
    texts = {"unapproved": unapproved(db, "short"), "wrong form": house_text(db), "none": None}
    message_id = message(db, user, channel="sms", template_id=texts[text])
    with pytest.raises(psycopg.Error) as refusal:
        deliver(db, message_id, NOW)
    assert (refusal.value.sqlstate, refusal.value.diag.constraint_name) == ("SH409", "delivery_has_approved_text")


def test_delivery_with_a_template_of_its_own_is_judged_by_that(db: Db) -> None:
    message_id = message(db, person(db, consents=["email"]))
    with pytest.raises(psycopg.Error, match="approved template"):
        db.execute(
            "insert into outreach.delivery (message_id, attempt, user_id, channel, purpose, takes_slot, sent_at,"
            " consent_channel, consent_purpose, template_id) select message_id, 1, user_id, channel, purpose, takes_slot,"
            " %s, channel, purpose, %s from outreach.message where message_id = %s",
            [NOW, unapproved(db), message_id],
        )


@pytest.mark.parametrize(
    "change",
    [
        "subject = 'আর কি?'",
        "body = body || ' ঠিক?'",
        "approved_at = null, approved_by = null",
        "language = 'en'",
        "form = 'short'",
    ],
)
def test_approved_template_cannot_be_changed(db: Db, change: str) -> None:
    text = house_text(db)
    with pytest.raises(psycopg.Error) as refusal:
        db.execute(f"update text.template set {change} where template_id = '{text}'")
    assert (refusal.value.sqlstate, refusal.value.diag.constraint_name) == ("SH409", "template_keeps_its_text")
    db.execute("update text.template set retired_at = %s where template_id = %s", [NOW, text])


def test_scenario_53_retiring_a_variant_during_a_run_keeps_the_rest(db: Db) -> None:
    """Some messages of the run are sent, some pending: the others are sent as planned, none is lost or sent twice."""
    set_rule(db, "holdout.global_share", 0)
    home = service(db)
    for _ in range(24):
        user = person(db, consents=["email"])
        rhythm(db, user, home, last=NOW - 26 * DAY)
    campaign_id = campaign(db)
    value(db, "select smartengage.refresh_snapshots(%s)", NOW)
    value(db, "select smartengage.plan_reminder_run(%s, 'once', %s)", campaign_id, NOW)
    db.execute("update outreach.message set due_at = %s", [NOW])
    before = {
        m["message_id"]: m["template_id"] for m in rows(db, "select message_id, template_id from outreach.message")
    }
    assert len(set(before.values())) == 3
    claim(db, NOW, limit=8)
    ended = value(db, "select template_id from outreach.message where state = 'scheduled' order by message_id limit 1")
    db.execute("update text.template set retired_at = %s where template_id = %s", [NOW, ended])
    claim(db, NOW)
    sent = rows(db, "select message_id, template_id from outreach.delivery")
    assert len(sent) == len(before) == 24
    assert {s["message_id"]: s["template_id"] for s in sent if s["template_id"] != ended} == {
        message_id: text for message_id, text in before.items() if text != ended
    }
    # The next run does not use it.
    drawn = db.execute("select unnest(template_ids) from text.house_texts('reminder', %s)", [NOW]).fetchall()
    assert (ended,) not in drawn


def test_explain_agrees(db: Db) -> None:
    user = reachable_by(db, "sms")
    message_id = message(db, user, channel="sms", template_id=house_text(db))
    told = rows(
        db, "select reason, rule from explain.claim_verdicts(%s, %s) where message_id = %s"
        " and verdict not in ('pass', 'wait')",
        user, NOW, message_id,
    )  # fmt: skip
    assert told == [{"reason": "no_text", "rule": "approved_text"}]
