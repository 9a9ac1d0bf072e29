"""A run with very many waiting messages, spread over all that tells readers apart, by a statement for each table."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from psycopg import Connection

from tests.marketplace import campaign, service
from tests.outbox import NOW, value

CATEGORIES = (
    "cleaning", "beauty", "barber", "electrical", "plumbing", "appliance", "ac", "pest_control", "painting", "cooking",
)  # fmt: skip

#: Reader n: nine in ten read Bengali, two in three by e-mail; services, segments and rhythms with a long tail each.
READER = """
  select n, md5('crowd person ' || n)::uuid as user_id, md5('crowd message ' || n)::uuid as message_id,
    case when n %% 10 = 0 then 'en' else 'bn' end as language,
    case when n %% 3 = 0 then 'sms' else 'email' end as channel,
    (%(services)s::uuid[])[1 + floor(10 * (u.a ^ 1.6))::int] as service_id,
    (array['repeat', 'at_risk', 'new', 'inactive'])[1 + floor(4 * (u.b ^ 2))::int] as segment,
    (array[7, 14, 30, 60, 200])[1 + floor(5 * (u.c ^ 1.3))::int] as gap
  from generate_series(1, %(people)s) n
  cross join lateral (
    select ('x' || substr(md5('a' || n), 1, 6))::bit(24)::int / 16777216.0 as a,
           ('x' || substr(md5('b' || n), 1, 6))::bit(24)::int / 16777216.0 as b,
           ('x' || substr(md5('c' || n), 1, 6))::bit(24)::int / 16777216.0 as c
  ) u
"""

STATEMENTS = (
    "insert into account.person (user_id, external_id, role, full_name, language, created_at)"
    " select user_id, 'crowd-' || n, 'customer', 'পরিকল্পিতনাম' || n, language, '2025-01-01' from ({reader}) r",
    "insert into account.contact (user_id, channel, address) select user_id, c.channel, c.address from ({reader}) r"
    " cross join lateral (values ('email', 'planted' || n || '@example.com'),"
    " ('sms', '+88017' || lpad(n::text, 8, '0'))) c (channel, address)",
    "insert into smartengage.predicted_booking (user_id, service_id, as_of, visits, last_visit_at, p7, p14, p28, expected_at,"
    " due_from, due_until, overdue_at, lost_at)"
    " select user_id, service_id, %(now)s, 5, %(now)s - gap * interval '1 day', .3, .5, .7, %(now)s, %(now)s, %(now)s,"
    " %(now)s, %(now)s from ({reader}) r",
    "insert into outreach.message (message_id, user_id, channel, purpose, message_class, obeys_caps, takes_slot, kind,"
    " campaign_id, run_id, occurrence, service_id, suggested_at, expected_at, template_id, state, state_at, planned_at,"
    " due_at, useful_until)"
    " select r.message_id, r.user_id, r.channel, 'outreach', 'reminder', true, true, 'reminder', %(campaign)s, %(run)s,"
    " 'crowd', r.service_id, %(now)s, %(now)s, t.template_id, 'scheduled', %(now)s, %(now)s, %(now)s,"
    " %(now)s::timestamptz + interval '2 days' from ({reader}) r join market.service s using (service_id)"
    " cross join lateral (select template_id from text.template t where t.origin = 'house' and t.kind = 'reminder'"
    "  and t.category = s.category and t.language = r.language and t.form = text.channel_form(r.channel)"
    "  order by variant limit 1) t",
    "insert into smartengage.candidate (run_id, user_id, service_id, occurrence, segment, p14, expected_at, outcome,"
    " message_id) select %(run)s, user_id, service_id, 'crowd', segment, .5, %(now)s, 'message', message_id"
    " from ({reader}) r",
)


def crowd(db: Connection[Any], people: int) -> UUID:
    """The run, with a waiting message for each."""
    services = [service(db, category=category) for category in CATEGORIES]
    campaign_id = campaign(db)
    run_id: UUID = value(
        db,
        "insert into smartengage.run (campaign_id, trigger_key, planned_at, candidates) values (%s, 'crowd', %s, %s)"
        " returning run_id",
        campaign_id, NOW, people,
    )  # fmt: skip
    given = {"services": services, "people": people, "campaign": campaign_id, "run": run_id, "now": NOW}
    for statement in STATEMENTS:
        db.execute(statement.format(reader=READER), given)
    db.execute("analyze")
    return run_id
