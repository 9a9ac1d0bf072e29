-- depends: 0030.house-texts-2

create table queue.listener (
  listener_id uuid primary key,
  heartbeat_at timestamptz not null
) with (fillfactor = 50);
comment on table queue.listener is 'A row for each worker process of late: when a notification of its own last came back to it through the database (jobs.record_listener_heartbeat). Not pgqueuer''s.';
comment on column queue.listener.listener_id is 'Drawn by the process at its start.';
comment on column queue.listener.heartbeat_at is 'By the wall clock, also where clock.now() is simulated.';

with rules (rule, value_type, unit, minimum, maximum, value, meaning) as (values
  ('listener.silence', 'number', 'seconds', 10, 86400, '300', 'When no worker has proved for so long that it hears the queue, /readyz says 503. Workers prove it every 5 seconds; replacing the only one must fit in.')
), kinds as (
  insert into policy.rule_definition (rule, value_type, unit, minimum, maximum, meaning)
  select rule, value_type, unit, minimum, maximum, meaning from rules
)
insert into policy.rule (rule, version, value, valid_at, author, reason)
select rule, 1, value::jsonb, tstzrange(null, null), 'default', meaning from rules;
