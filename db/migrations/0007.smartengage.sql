-- depends: 0006.outreach

create table smartengage.predicted_booking (
  user_id uuid not null references account.person,
  service_id uuid not null references market.service,
  as_of timestamptz not null,
  visits int not null,
  last_visit_at timestamptz not null,
  p7 double precision not null,
  p14 double precision not null,
  p28 double precision not null,
  expected_at timestamptz not null,
  due_from timestamptz not null,
  due_until timestamptz not null,
  overdue_at timestamptz not null,
  lost_at timestamptz not null,
  primary key (user_id, service_id),
  constraint predicted_booking_probabilities_nest check (0 <= p7 and p7 <= p14 and p14 <= p28 and p28 <= 1)
)
-- Every row is written anew each day: half a page free, and no index on what changes, keep that within the page.
with (fillfactor = 50);
comment on table smartengage.predicted_booking is 'prediction.score of one instant, kept so that planning, segments and explain read the same figures; refreshed daily.';
comment on column smartengage.predicted_booking.as_of is 'The instant it was computed for; uses nothing later.';
comment on column smartengage.predicted_booking.p14 is 'Probability of a booking of this service within 14 days of as_of.';
comment on column smartengage.predicted_booking.expected_at is 'Median of the predicted next booking.';
comment on column smartengage.predicted_booking.overdue_at is '80th percentile: later than this is at risk.';
comment on column smartengage.predicted_booking.lost_at is '97.5th percentile: later than this is inactive.';

create table smartengage.customer_segment (
  user_id uuid primary key references account.person,
  as_of timestamptz not null,
  visits int not null,
  first_visit_at timestamptz,
  last_visit_at timestamptz,
  segment text not null,
  segment_version int not null,
  constraint customer_segment_is_known check (segment in ('new', 'repeat', 'at_risk', 'inactive'))
)
-- As smartengage.predicted_booking: written anew each day.
with (fillfactor = 50);
create index customer_segment_idx on smartengage.customer_segment (segment);
comment on table smartengage.customer_segment is 'Every customer with their segment at one instant; refreshed daily together with smartengage.predicted_booking.';

create table smartengage.hour_share (
  segment text not null,
  local_hour int not null,
  share double precision not null,
  as_of timestamptz not null,
  primary key (segment, local_hour),
  constraint hour_share_hour_is_of_day check (local_hour between 0 and 23)
);
comment on table smartengage.hour_share is 'When the people of a segment use the app: share of bookings made and links clicked by local hour; segment all = everybody.';

create table smartengage.segment_definition (
  segment text not null,
  version int not null,
  position int not null,
  min_visits int,
  max_visits int,
  first_visit_within_days int,
  silent_for_days int,
  past text,
  valid_at tstzrange not null,
  author text not null,
  reason text not null,
  primary key (segment, version, position),
  constraint segment_is_known check (segment in ('new', 'repeat', 'at_risk', 'inactive')),
  constraint segment_definition_versions_do_not_overlap exclude using gist (position with =, valid_at with &&),
  constraint segment_past_is_known check (past in ('overdue', 'lost')),
  constraint segment_validity_is_not_empty check (not isempty(valid_at))
);
comment on table smartengage.segment_definition is 'Definitions of segments: rows are tried by position, the first whose every given condition holds names the segment.';
comment on column smartengage.segment_definition.past is 'overdue: past the 80th percentile of every own predicted next booking; lost: past the 97.5th.';
comment on column smartengage.segment_definition.silent_for_days is 'At least so many days since the last completed booking.';

create table smartengage.campaign (
  campaign_id uuid primary key default uuidv7(),
  name text not null,
  kind text not null default 'reminder',
  segments text[] not null default '{repeat,at_risk,new}',
  channels text[] not null default '{email}',
  status text not null default 'draft',
  enabled boolean not null default true,
  canary_share double precision not null default 1,
  holdout_share double precision not null default 0.10,
  window_from time not null default '09:00',
  window_until time not null default '20:30',
  created_at timestamptz not null,
  created_by text not null,
  constraint campaign_name_is_unique unique (name),
  constraint campaign_kind_is_known check (kind in ('reminder')),
  constraint campaign_status_is_known check (status in ('draft', 'scheduled', 'running', 'paused', 'completed', 'stopped', 'failed')),
  constraint campaign_shares_are_shares check (canary_share between 0 and 1 and holdout_share between 0 and 1),
  constraint campaign_window_is_within_a_day check (window_from < window_until),
  constraint campaign_channels_are_known check (channels <@ array['email', 'sms', 'whatsapp', 'push', 'in_app'] and cardinality(channels) > 0)
);
comment on table smartengage.campaign is 'Who is written to about what. The daily reminder campaign is one row that runs every day.';
comment on column smartengage.campaign.channels is 'In order of preference; the first for which a person has consent and an address is used, their own preferred channel before all.';
comment on column smartengage.campaign.enabled is 'Feature flag: off refuses every candidate with reason flag_off.';
comment on column smartengage.campaign.canary_share is 'Share of people (stable hash) that the campaign may write to yet.';

create table smartengage.run (
  run_id uuid primary key default uuidv7(),
  campaign_id uuid not null references smartengage.campaign,
  trigger_key text not null,
  planned_at timestamptz not null,
  candidates int not null,
  constraint run_happens_once unique (campaign_id, trigger_key)
);
comment on table smartengage.run is 'One planning of a campaign.';
comment on column smartengage.run.trigger_key is 'What asked for it (daily 2026-11-23, …): the same asking plans once, however many processes ask.';
comment on column smartengage.run.candidates is 'Counted by the planner before deciding; reconciliation compares it with the outcomes.';

create table smartengage.candidate (
  run_id uuid not null references smartengage.run,
  user_id uuid not null references account.person,
  service_id uuid not null references market.service,
  occurrence text not null,
  segment text not null,
  p14 double precision not null,
  expected_at timestamptz not null,
  outcome text not null,
  message_id uuid references outreach.message,
  reason text,
  rule text,
  rule_version int,
  primary key (run_id, user_id, service_id),
  constraint candidate_outcome_is_known check (outcome in ('message', 'ghost', 'refused')),
  constraint candidate_outcome_is_one check (
    case outcome when 'refused' then message_id is null and reason is not null and rule is not null and rule_version is not null
                 else message_id is not null and reason is null end)
);
create index candidate_person_idx on smartengage.candidate (user_id);
create index candidate_message_idx on smartengage.candidate (message_id);
comment on table smartengage.candidate is 'Everyone due in a run with exactly one outcome: a message, a ghost (holdout), or a refusal with the rule and its version.';

create table policy.snapshot_refresh (
  snapshot text primary key,
  as_of timestamptz not null,
  refreshed_at timestamptz not null,
  seconds double precision not null,
  row_count bigint not null
);
comment on table policy.snapshot_refresh is 'When each snapshot was last refreshed, how long it took and how many rows it has.';
