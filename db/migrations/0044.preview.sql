-- depends: 0043.no-time-index
-- Planning under other values, without planning anything.

create type smartengage.planning_values as (
  lead interval, useful_for interval, min_p14 double precision, min_visits double precision, global_share double precision,
  segments text[], holdout_share double precision, window_from time, window_until time);
comment on type smartengage.planning_values is
  'The values that one planning of a campaign decides by (smartengage.planning_values).';
comment on column smartengage.planning_values.lead is 'Rule reminder.lead.';
comment on column smartengage.planning_values.useful_for is 'Rule reminder.useful_for.';
comment on column smartengage.planning_values.min_p14 is 'Rule reminder.min_p14.';
comment on column smartengage.planning_values.min_visits is 'Rule reminder.min_visits.';
comment on column smartengage.planning_values.global_share is 'Rule holdout.global_share.';
comment on column smartengage.planning_values.segments is 'Segments that the planning writes to.';
comment on column smartengage.planning_values.holdout_share is 'Share of the campaign''s people who become ghosts.';
comment on column smartengage.planning_values.window_from is 'Earliest local time of a message.';
comment on column smartengage.planning_values.window_until is 'Latest local time of a message.';

create table smartengage.preview (
  preview_id uuid primary key default uuidv7(),
  campaign_id uuid not null references smartengage.campaign,
  requested_at timestamptz not null,
  requested_by text not null,
  rules jsonb not null,
  segments text[],
  holdout_share double precision,
  window_from time,
  window_until time,
  result jsonb,
  constraint preview_share_is_a_share check (holdout_share between 0 and 1)
);
create index preview_campaign_idx on smartengage.preview (campaign_id);
comment on table smartengage.preview is
  'Plannings under other values that an admin asked for, kept for preview.keep hours. A null value is that of the campaign.';
comment on column smartengage.preview.requested_by is 'Id of the admin.';
comment on column smartengage.preview.rules is 'Values of rules by name (smartengage.planning_rule); {} = those in force.';
comment on column smartengage.preview.result is 'What smartengage.planning_preview returned; null = the job has not run.';

with rules (rule, value_type, unit, minimum, maximum, value, meaning) as (values
  ('preview.keep', 'number', 'hours', 1, 720, '24', 'How long the result of a campaign''s preview is kept.')
), kinds as (
  insert into policy.rule_definition (rule, value_type, unit, minimum, maximum, meaning)
  select rule, value_type, unit, minimum, maximum, meaning from rules
)
insert into policy.rule (rule, version, value, valid_at, author, reason)
select rule, 1, value::jsonb, tstzrange(null, null), 'default', meaning from rules;
