-- depends: 0010.prediction

create type smartengage.planning_values as (
  lead interval,
  useful_for interval,
  min_p14 double precision,
  min_visits double precision,
  global_share double precision,
  segments text[],
  holdout_share double precision,
  window_from time,
  window_until time
);
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
  primary key (segment, version, "position"),
  constraint segment_definition_segment_is_known check (segment in ('new', 'repeat', 'at_risk', 'inactive')),
  constraint segment_definition_past_is_known check (past in ('overdue', 'lost')),
  constraint segment_definition_validity_is_not_empty check (not isempty(valid_at)),
  constraint segment_definition_visits_are_counts check (min_visits >= 0 and max_visits >= 0),
  constraint segment_definition_visits_are_in_order check (min_visits <= max_visits),
  constraint segment_definition_days_are_positive check (first_visit_within_days > 0 and silent_for_days > 0),
  constraint segment_definition_reason_is_given check (btrim(reason) <> ''),
  constraint segment_definition_versions_do_not_overlap exclude using gist (position with =, valid_at with &&)
);
comment on table smartengage.segment_definition is
  'Definitions of segments. Rows are tried by position; a customer is in the segment of the first row whose conditions all '
  'hold.';
comment on column smartengage.segment_definition.silent_for_days is 'At least so many days since the last completed booking.';
comment on column smartengage.segment_definition.past is
  'overdue: after the 80th percentile of every predicted next booking; lost: after the 97.5th; null = no condition.';

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
-- As smartengage.predicted_booking: rewritten each day.
with (fillfactor = 50);
create index customer_segment_idx on smartengage.customer_segment (segment);
comment on table smartengage.customer_segment is
  'Every customer with their segment at one instant; refreshed daily together with smartengage.predicted_booking.';

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
-- Every row is rewritten each day. Half a page stays free and changing columns have no index, so updates stay in the page.
with (fillfactor = 50);
comment on table smartengage.predicted_booking is
  'prediction.score of one instant, stored so that planning, segments and explain read the same figures; refreshed daily.';
comment on column smartengage.predicted_booking.as_of is 'The instant it was computed for; uses nothing at or after it.';
comment on column smartengage.predicted_booking.p14 is 'Probability of a booking of this service within 14 days of as_of.';
comment on column smartengage.predicted_booking.expected_at is 'Median of the predicted next booking.';
comment on column smartengage.predicted_booking.overdue_at is '80th percentile of the next booking: later is at risk.';
comment on column smartengage.predicted_booking.lost_at is '97.5th percentile of the next booking: later is inactive.';

create table smartengage.campaign_kind (
  kind text primary key,
  meaning text not null
);
comment on table smartengage.campaign_kind is 'Kinds of campaigns: each has its own planner.';

create table smartengage.campaign (
  campaign_id uuid primary key default uuidv7(),
  name text not null,
  kind text not null default 'reminder' references smartengage.campaign_kind,
  segments text[] not null default '{repeat,at_risk,new}',
  channels text[] not null default '{email}',
  repeats boolean not null default true,
  canary_share double precision not null default 1,
  holdout_share double precision not null default 0.10,
  window_from time not null default '09:00',
  window_until time not null default '20:30',
  starts_at timestamptz,
  ends_at timestamptz,
  status text not null default 'draft',
  enabled boolean not null default true,
  widened_at timestamptz,
  version int not null default 1,
  created_at timestamptz not null,
  created_by text not null,
  changed_by text,
  changed_reason text,
  constraint campaign_name_is_unique unique (name),
  constraint campaign_status_is_known check (
    status in ('draft', 'scheduled', 'running', 'paused', 'completed', 'stopped', 'failed')),
  constraint campaign_shares_are_shares check (canary_share between 0 and 1 and holdout_share between 0 and 1),
  constraint campaign_window_is_within_a_day check (window_from < window_until),
  constraint campaign_channels_are_known check (
    channels <@ array['email', 'sms', 'whatsapp', 'push', 'in_app'] and cardinality(channels) > 0),
  constraint campaign_name_is_given check (btrim(name) <> ''),
  constraint campaign_scheduled_has_start check (status <> 'scheduled' or starts_at is not null),
  constraint campaign_ends_after_start check (ends_at > starts_at)
);
create index campaign_life_idx on smartengage.campaign (status, starts_at) where status in ('scheduled', 'running', 'paused');
comment on table smartengage.campaign is
  'A campaign: its recipients, channels, shares and status. The daily reminder campaign is one row that repeats every day.';
comment on column smartengage.campaign.channels is
  'In order of preference: the first with consent and an address is used, the preferred channel of the person before all.';
comment on column smartengage.campaign.repeats is
  'True: planned every day until it ends. False: planned on request; completed once all its messages have ended.';
comment on column smartengage.campaign.canary_share is
  'Share of people (stats.bucket) that the campaign messages until it is rolled out.';
comment on column smartengage.campaign.starts_at is 'When a scheduled campaign starts.';
comment on column smartengage.campaign.ends_at is 'When a running campaign completes; null = open.';
comment on column smartengage.campaign.enabled is 'Feature flag: false refuses every candidate with reason flag_off.';
comment on column smartengage.campaign.widened_at is
  'When it was rolled out to everybody, by its guardrails (smartengage.judge_campaign) or an admin; null = not yet.';
comment on column smartengage.campaign.version is
  'Raised by every change. A change that does not raise it is recorded as made by hand (trigger campaign_moves_forward).';
comment on column smartengage.campaign.changed_by is
  'Actor of the last change: an admin''s id, a part of the system, or the login of a change by hand.';
comment on column smartengage.campaign.changed_reason is 'Reason of the last change.';

create table smartengage.run_kind (
  message_class text primary key references policy.message_class,
  names_text boolean not null,
  is_exempt boolean not null,
  constraint run_kind_is_referenced_whole unique (message_class, names_text, is_exempt)
);
comment on table smartengage.run_kind is 'Message classes that a run may have, and what such a run must state.';
comment on column smartengage.run_kind.names_text is
  'Whether the run states the text of its messages; false = each message gets a variant later.';
comment on column smartengage.run_kind.is_exempt is 'Whether the run states a reason for exceeding caps.';

create table smartengage.run (
  run_id uuid primary key default uuidv7(),
  campaign_id uuid not null references smartengage.campaign,
  trigger_key text not null,
  message_class text not null default 'reminder',
  segments text[],
  template_id uuid references text.template,
  service_id uuid references market.service,
  exempt_reason text,
  names_text boolean not null generated always as (template_id is not null) stored,
  is_exempt boolean not null generated always as (exempt_reason is not null) stored,
  candidates int not null,
  planned_at timestamptz not null,
  constraint run_happens_once unique (campaign_id, trigger_key),
  constraint run_is_of_kind foreign key (message_class, names_text, is_exempt)
    references smartengage.run_kind (message_class, names_text, is_exempt),
  constraint run_exemption_has_reason check (btrim(exempt_reason) <> '')
);
create index run_template_idx on smartengage.run (template_id) where template_id is not null;
create index run_service_idx on smartengage.run (service_id) where service_id is not null;
comment on table smartengage.run is 'One planning of a campaign.';
comment on column smartengage.run.trigger_key is
  'Key of the request (daily 2026-11-23, …). A key plans once, however many processes request it.';
comment on column smartengage.run.message_class is 'policy.message_class of its messages.';
comment on column smartengage.run.segments is 'Segments it was requested for; null = all of the campaign.';
comment on column smartengage.run.template_id is 'Text of an announcement; each recipient gets its counterpart in their language.';
comment on column smartengage.run.service_id is 'What an announcement is about; null = no service.';
comment on column smartengage.run.exempt_reason is 'Why an urgent announcement is exempt from caps.';
comment on column smartengage.run.candidates is
  'Counted before deciding; smartengage.run_reconciliation compares it with the outcomes.';

create table smartengage.candidate (
  run_id uuid not null references smartengage.run,
  user_id uuid not null references account.person,
  service_id uuid references market.service,
  occurrence text not null,
  segment text not null,
  p14 double precision,
  expected_at timestamptz,
  outcome text not null,
  message_id uuid references outreach.message,
  reason text references policy.refusal_reason,
  rule text,
  rule_version int,
  -- No primary key: an announcement is about a person and may name no service.
  constraint candidate_is_one unique nulls not distinct (run_id, user_id, service_id),
  constraint candidate_outcome_is_known check (outcome in ('message', 'ghost', 'refused')),
  constraint candidate_outcome_is_one check (
    case outcome when 'refused' then message_id is null and reason is not null and rule is not null and rule_version is not null
                 else message_id is not null and reason is null end)
);
create index candidate_person_idx on smartengage.candidate (user_id);
-- Includes what a replay reads of millions of candidates, so that it does not read the wide rows.
create index candidate_message_idx on smartengage.candidate (message_id) include (segment);
comment on table smartengage.candidate is
  'The candidates of a run, each with exactly one outcome: a message, a ghost (held out), or a refusal with rule and version.';
comment on column smartengage.candidate.service_id is 'The service that is due or announced; null = none.';
comment on column smartengage.candidate.p14 is 'Probability of a booking within 14 days at planning; null for announcements.';

-- The request of a bulk send is stored, so that the worker plans it and not the HTTP request.
create table smartengage.announcement (
  campaign_id uuid primary key references smartengage.campaign,
  template_id uuid not null references text.template,
  service_id uuid references market.service,
  exempt_reason text,
  user_ids uuid[],
  constraint announcement_urgency_has_reason check (btrim(exempt_reason) <> ''),
  constraint announcement_list_names_somebody check (cardinality(user_ids) > 0)
);
create index announcement_template_idx on smartengage.announcement (template_id);
create index announcement_service_idx on smartengage.announcement (service_id) where service_id is not null;
comment on table smartengage.announcement is
  'The request of a bulk send, planned by smartengage.plan_next_announcement_run. A single send has none, as it is planned at '
  'once.';
comment on column smartengage.announcement.template_id is 'The text; each recipient gets its counterpart in their language.';
comment on column smartengage.announcement.service_id is 'What it is about; null = no service.';
comment on column smartengage.announcement.exempt_reason is 'Why it is exempt from caps; null = it obeys them.';
comment on column smartengage.announcement.user_ids is
  'Recipients; null = the segments of the campaign, or already planned: then smartengage.candidate has them.';

create table smartengage.cohort_text_source (
  run_id uuid not null references smartengage.run,
  cohort text not null,
  as_of timestamptz not null,
  messages int not null,
  source text not null,
  primary key (run_id, cohort),
  constraint cohort_text_source_is_known check (source in ('model', 'not_asked', 'over_budget', 'failed', 'rejected'))
);
comment on table smartengage.cohort_text_source is
  'Source of the text of each cohort of a run, at its last assignment (smartengage.assign_texts).';
comment on column smartengage.cohort_text_source.messages is 'Its messages that were waiting then.';
comment on column smartengage.cohort_text_source.source is
  'model; else the house text stays: not_asked (no model, or it was down), over_budget, failed (no answer), rejected (no '
  'acceptable answer).';

create table smartengage.uplift (
  scope text not null,
  campaign_id uuid references smartengage.campaign,
  segment text,
  as_of timestamptz not null,
  messages bigint not null,
  ghosts bigint not null,
  message_people bigint not null,
  ghost_people bigint not null,
  booked_share double precision not null,
  ghost_booked_share double precision not null,
  uplift double precision not null,
  uplift_low double precision not null,
  uplift_high double precision not null,
  too_early boolean not null,
  verdict text not null generated always as (
    case when too_early then 'too_early' when uplift_low > 0 then 'more' when uplift_high < 0 then 'fewer'
    else 'not_established' end) stored,
  constraint uplift_is_stored_once unique nulls not distinct (campaign_id, scope, segment),
  constraint uplift_scope_is_known check (scope in ('campaign', 'everything')),
  constraint uplift_of_campaign_names_it check ((scope = 'campaign') = (campaign_id is not null)),
  constraint uplift_interval_holds_it check (uplift_low <= uplift and uplift <= uplift_high)
);
comment on table smartengage.uplift is
  'smartengage.estimate_uplift of one instant, stored for dashboards; replaced each night by smartengage.refresh_uplift.';
comment on column smartengage.uplift.scope is
  'campaign: its messages against its ghosts; everything: all campaigns against the global control group.';
comment on column smartengage.uplift.segment is 'Segment at planning; null = all segments.';
comment on column smartengage.uplift.verdict is
  'more or fewer if the interval excludes zero, else not_established; too_early below uplift.min_sample.';

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
