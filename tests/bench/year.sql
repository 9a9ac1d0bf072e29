-- A year of bench.people × 12 reminders: planned in the morning, claimed within two hours, one in twelve booked; half of the pairs
-- thirty hours apart, so that a stricter cap meets them. Written past the triggers by the superuser, in order of time.
set session_replication_role = replica;
set work_mem = '256MB';
set maintenance_work_mem = '1GB';
set synchronous_commit = off;

-- Indexes in another order than that of time are made at the end: page by page they would be written many times over.
create temporary table later as
select i.indexrelid::regclass::text as index, i.indrelid::regclass::text as on_table, c.conname as is_constraint,
  case
    when c.oid is not null then format(
      'alter table %s add constraint %I %s', i.indrelid::regclass, c.conname, pg_get_constraintdef(c.oid))
    else pg_get_indexdef(i.indexrelid)
  end as again
from pg_index i
left join pg_constraint c on c.conindid = i.indexrelid and c.contype = 'u' and c.conname = 'message_occurrence_is_unique'
where i.indrelid in (
    'outreach.message'::regclass, 'outreach.delivery'::regclass, 'outreach.claim_denial'::regclass,
    'outreach.message_event'::regclass,
    'smartengage.candidate'::regclass)
  and (c.oid is not null or not exists (select from pg_constraint o where o.conindid = i.indexrelid));

do $body$
declare
  v_one record;
begin
  for v_one in select * from later loop
    execute case when v_one.is_constraint is not null
      then format('alter table %s drop constraint %I', v_one.on_table, v_one.is_constraint)
      else 'drop index ' || v_one.index end;
  end loop;
end;
$body$;

insert into account.person (external_id, role, full_name, created_at)
select 'person-' || n, 'customer', 'রহিমা খাতুন', timestamptz '2024-01-01 10:00+06'
from generate_series(1, current_setting('bench.people')::int) as n;

insert into account.consent (user_id, channel, purpose, valid_at, source, wording_version, actor)
select p.user_id, 'email', 'outreach', tstzrange('2024-01-01 10:00+06', null), 'app', '1', 'self' from account.person p;

insert into market.service (code, category, name_bn, name_en, price_poisha, duration_minutes)
values ('cleaning', 'cleaning', 'বাসা পরিষ্কার', 'Cleaning', 150000, 120);

insert into smartengage.campaign (name, status, created_at, created_by)
values ('reminders', 'running', '2025-01-01 10:00+06', 'test');

insert into smartengage.run (campaign_id, trigger_key, planned_at, candidates)
select c.campaign_id, 'daily ' || d::date, d, 0
from smartengage.campaign c
cross join generate_series(timestamptz '2025-11-25 07:00+06', timestamptz '2026-11-24 07:00+06', interval '1 day') as d;

create temporary table draw as
select p.user_id, (row_number() over () * 7919 % 27)::int as lag,
  case row_number() over () % 5 when 0 then 'at_risk' when 1 then 'new' else 'repeat' end as segment
from account.person p;

-- A month at a time; every second comes thirty hours after the one before, for half of the people.
create procedure pg_temp.month(p_month int)
language plpgsql
as $body$
begin
  create temporary table planned as
  select
    uuidv7() as message_id, d.user_id, d.segment, r.run_id, r.campaign_id, r.planned_at,
    r.planned_at + interval '2 hours' + random() * interval '6 hours' as due_at, random() as fate
  from draw d
  join smartengage.run r
    on r.planned_at = timestamptz '2025-11-25 07:00+06' + make_interval(days =>
      case when p_month % 2 = 1 and d.lag % 2 = 0 then 30 * (p_month - 1) + d.lag + 2 else 30 * p_month + d.lag end)
  order by r.planned_at;

  insert into outreach.message (
    message_id, user_id, channel, purpose, message_class, obeys_caps, takes_slot, kind, campaign_id, run_id, occurrence, service_id,
    state, state_at, planned_at, due_at, useful_until, attempt, window_from, window_until)
  select
    p.message_id, p.user_id, 'email', 'outreach', 'reminder', true, true, 'reminder', p.campaign_id, p.run_id,
    'cleaning:' || p_month,
    s.service_id, case when p.fate < 0.08 then 'booked' else 'sent' end, p.due_at, p.planned_at, p.due_at,
    p.planned_at + interval '5 days', 1, '09:00', '20:30'
  from planned p
  cross join market.service s;

  insert into outreach.delivery (
    message_id, attempt, user_id, channel, purpose, takes_slot, sent_at, consent_channel, consent_purpose, state, subject, body,
    due_at, useful_until, obeys_caps)
  select
    p.message_id, 1, p.user_id, 'email', 'outreach', true, p.due_at + random() * interval '1 minute',
    'email', 'outreach', 'accepted',
    'আপনার বাসা পরিষ্কার', repeat('প্রিয় গ্রাহক, বাসা পরিষ্কার করার সময় হয়ে এল। ', 4) || p.user_id,
    p.due_at, p.planned_at + interval '5 days', true
  from planned p;

  insert into smartengage.candidate (
    run_id, user_id, service_id, occurrence, segment, p14, expected_at, outcome, message_id)
  select
    p.run_id, p.user_id, s.service_id, 'cleaning:' || p_month, p.segment, 0.3 + p.fate / 2, p.planned_at + interval '3 days',
    'message',
    p.message_id
  from planned p
  cross join market.service s;

  insert into outreach.message_event (message_id, kind, happened_at, recorded_at, source)
  select p.message_id, 'booked', p.due_at + interval '1 day', p.due_at + interval '1 day', 'attribution'
  from planned p
  where p.fate < 0.08;

  -- One in a hundred came in quiet times and waited an hour.
  insert into outreach.claim_denial (
    message_id, user_id, channel, purpose, decided_at, due_at, useful_until, verdict, reason, rule, rule_version, until)
  select p.message_id, p.user_id, 'email', 'outreach', p.due_at - interval '1 hour', p.due_at - interval '1 hour',
         p.planned_at + interval '5 days', 'defer', 'quiet', 'quiet_period', 1, p.due_at
  from planned p
  where p.fate > 0.99;
  drop table planned;
end;
$body$;
call pg_temp.month(0);
call pg_temp.month(1);
call pg_temp.month(2);
call pg_temp.month(3);
call pg_temp.month(4);
call pg_temp.month(5);
call pg_temp.month(6);
call pg_temp.month(7);
call pg_temp.month(8);
call pg_temp.month(9);
call pg_temp.month(10);
call pg_temp.month(11);

do $body$
declare
  v_one record;
begin
  for v_one in select * from later loop
    execute v_one.again;
  end loop;
end;
$body$;

set session_replication_role = origin;
drop table draw, later;
vacuum (analyze) account.person, account.consent, outreach.message, outreach.delivery, outreach.claim_denial,
  outreach.message_event,
  smartengage.candidate, smartengage.run, market.service;
