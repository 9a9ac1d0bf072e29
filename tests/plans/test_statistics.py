"""What is planned next knows how much the plan before it has written."""

from __future__ import annotations

from typing import Any

from psycopg import Connection

from tests.candidates import plan, without_global_control
from tests.marketplace import campaign, service
from tests.outbox import DAY, NOW, rows


def test_a_large_plan_is_known_to_the_planner_before_the_next(db: Connection[Any]) -> None:
    """Else the next campaign, planned in the same minute, would read all of its messages for each candidate."""
    without_global_control(db)
    home = service(db)
    db.execute(
        "with made as (insert into account.person (external_id, role, full_name, created_at)"
        " select 'many-' || n, 'customer', 'x', %(since)s from generate_series(1, 1100) n returning user_id),"
        " address as (insert into account.contact (user_id, channel, address)"
        " select user_id, 'email', user_id || '@example.com' from made),"
        " agreed as (insert into account.consent (user_id, channel, purpose, valid_at, source, wording_version, actor)"
        " select user_id, 'email', 'outreach', tstzrange(%(since)s, null), 'test', '1', 'test' from made),"
        " known as (insert into smartengage.customer_segment (user_id, as_of, visits, segment, segment_version)"
        " select user_id, %(now)s, 5, 'repeat', 1 from made)"
        " insert into smartengage.predicted_booking (user_id, service_id, as_of, visits, last_visit_at, p7, p14, p28,"
        " expected_at, due_from, due_until, overdue_at, lost_at) select user_id, %(home)s, %(now)s, 5, %(now)s, 0.5,"
        " 0.5, 0.5, %(now)s + interval '2 days', %(now)s, %(now)s, %(now)s + interval '9 days',"
        " %(now)s + interval '9 days' from made",
        {"home": home, "now": NOW, "since": NOW - 99 * DAY},
    )
    planned = plan(db, campaign(db))
    assert planned["messages"] == 1100
    known = rows(
        db,
        "select oid::regclass::text as name, reltuples::int as rows from pg_class"
        " where oid in ('outreach.message'::regclass, 'smartengage.candidate'::regclass)",
    )
    assert {k["name"]: k["rows"] for k in known} == {"outreach.message": 1100, "smartengage.candidate": 1100}
