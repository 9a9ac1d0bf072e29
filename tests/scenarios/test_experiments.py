"""What is concluded from campaigns: no more than is there, and nothing from machines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import Connection

from db.embedded.server import SUPERUSER
from db.embedded.temporary import TemporaryServer
from tests.conftest import Clock, Connect
from tests.marketplace import booking, campaign, rhythm, service
from tests.outbox import DAY, HOUR, NOW, claim, reader, record_event, record_outcome, row, rows, set_rule, state, value

AA = (Path(__file__).parent / "aa.sql").read_text()


@pytest.mark.slow
def test_scenario_52_of_a_thousand_campaigns_that_do_nothing_one_in_twenty_seems_to(
    db: Connection[Any], server: TemporaryServer, database_name: str
) -> None:
    """The real draw, the real measure. Taking a person's two answers for two people would cry wolf more often."""
    with psycopg.connect(server.url(database_name, SUPERUSER), autocommit=True) as superuser:
        superuser.execute(AA)
    found = row(
        db,
        "select count(*) as campaigns, avg((u.uplift_low > 0 or u.uplift_high < 0)::int)::float8 as wrong,"
        " avg(u.uplift)::float8 as mean,"
        " avg((n.low > 0 or n.high < 0)::int)::float8 as naively_wrong"
        " from smartengage.estimate_uplift(%s) u"
        " cross join stats.newcombe_interval(u.booked_share, u.messages, u.ghost_booked_share, u.ghosts) n"
        " where u.scope = 'campaign' and u.segment is null",
        NOW,
    )
    assert found["campaigns"] == 1000
    assert 0.04 <= found["wrong"] <= 0.06
    assert found["naively_wrong"] > 0.07
    assert abs(found["mean"]) < 0.003


@pytest.mark.parametrize("is_machine", [True, False])
def test_scenario_54_opens_and_clicks_of_machines_count_nowhere(
    db: Connection[Any], connect: Connect, clock: Clock, is_machine: bool
) -> None:
    """Not as engagement, not as the touch that has the credit, not as an hour at which somebody reads."""
    set_rule(db, "holdout.global_share", 0)
    user, home = reader(db), service(db)
    rhythm(db, user, home, last=NOW - 26 * DAY)
    value(db, "select smartengage.refresh_snapshots(%s)", NOW)
    value(db, "select smartengage.plan_reminder_run(%s, 'once', %s)", campaign(db), NOW)
    (planned,) = rows(db, "select message_id, due_at from outreach.message where user_id = %s", user)
    sent_at, message_id = planned["due_at"], planned["message_id"]
    assert claim(db, sent_at)["claimed"] == 1
    record_outcome(db, message_id, "accepted", sent_at)
    for kind in ("opened", "clicked"):
        record_event(db, message_id, kind, sent_at + HOUR, is_machine=is_machine)
    assert state(db, message_id)["state"] == ("sent" if is_machine else "clicked")
    engagement = row(connect(role="shokti_analyst"), "select sent, opened, clicked from analytics.engagement")
    assert engagement == {"sent": 1, "opened": int(not is_machine), "clicked": int(not is_machine)}
    hours = rows(
        db,
        "select used_at from outreach.app_use(%s) where user_id = %s and used_at >= %s",
        NOW + 9 * DAY, user, sent_at,
    )  # fmt: skip
    assert len(hours) == (0 if is_machine else 2)
    # A later message that nobody touched has the credit before an earlier one that a machine opened.
    set_rule(db, "attribution.window", 30)
    for cap in ("outreach_daily", "outreach_weekly"):
        value(db, "select policy.change_cap(%s, null, 24, 'tester', 'a test', %s)", cap, sent_at)
    again = value(
        db,
        "insert into outreach.message (user_id, channel, purpose, message_class, obeys_caps, takes_slot, kind, occurrence,"
        " service_id, template_id, suggested_at, state_at, planned_at, due_at, useful_until)"
        " select user_id, channel, purpose, message_class, obeys_caps, takes_slot, kind, 'later', service_id, template_id,"
        " suggested_at, %s, %s, %s, %s from outreach.message where message_id = %s returning message_id",
        sent_at + DAY, sent_at + DAY, sent_at + DAY, sent_at + 3 * DAY, message_id,
    )  # fmt: skip
    assert claim(db, sent_at + DAY)["claimed"] == 1
    record_outcome(db, again, "accepted", sent_at + DAY)
    booking(db, user, home, status="pending", scheduled_at=sent_at + 5 * DAY, created_at=sent_at + 2 * DAY)
    value(db, "select smartengage.attribute_bookings(%s)", sent_at + 3 * DAY)
    credited = value(db, "select message_id from outreach.message_event where kind = 'booked'")
    assert credited == (again if is_machine else message_id)
