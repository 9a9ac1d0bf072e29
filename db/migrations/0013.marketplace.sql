-- depends: 0012.edge

create index booking_offered_idx on market.booking (scheduled_at, booking_id) where status = 'pending' and worker_id is null;

with rules (rule, value_type, unit, minimum, maximum, loosens, value, meaning) as (values
  ('event.ahead', 'number', 'hours', 0, 168, null, '24', 'How far a phone''s clock may be ahead: an event told from later is taken as of its arrival, one from beyond is refused.'),
  ('event.accept_for', 'number', 'days', 1, 3650, null, '365', 'How late an event may be told.')
), kinds as (
  insert into policy.rule_definition (rule, value_type, unit, minimum, maximum, loosens, meaning)
  select rule, value_type, unit, minimum, maximum, loosens, meaning from rules
)
insert into policy.rule (rule, version, value, valid_at, author, reason)
select rule, 1, value::jsonb, tstzrange(null, null), 'default', meaning from rules;
