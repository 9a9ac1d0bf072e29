-- depends: 0015.alerts
-- What admins change without code: proposals for a second admin, calendar and segments as history, the audit log's reading.

create table policy.proposal (
  proposal_id uuid primary key default uuidv7(),
  kind text not null,
  subject text not null,
  value jsonb not null,
  effective_from timestamptz,
  author text not null,
  reason text not null,
  proposed_at timestamptz not null,
  expires_at timestamptz not null,
  state text not null default 'pending',
  decided_by text,
  decided_at timestamptz,
  decision_reason text,
  constraint proposal_kind_is_known check (kind in ('rule', 'cap', 'quiet_period')),
  constraint proposal_state_is_known check (state in ('pending', 'approved', 'declined', 'expired', 'superseded')),
  constraint proposal_reason_is_given check (btrim(reason) <> ''),
  constraint proposal_expires_later check (expires_at > proposed_at),
  constraint proposal_decision_is_whole check (
    (state in ('approved', 'declined')) = (decided_by is not null)
    and (decided_by is null) = (decided_at is null)
    and (decided_by is null) = (decision_reason is null)),
  constraint proposal_is_approved_by_another check (state <> 'approved' or decided_by <> author)
);
create unique index proposal_waits_once_idx on policy.proposal (kind, subject) where state = 'pending';
create index proposal_subject_idx on policy.proposal (subject, proposed_at);
comment on table policy.proposal is 'Changes that protect people less, proposed by one admin: in force only when another one approves before they expire.';
comment on column policy.proposal.subject is 'The rule or cap by name, or the quiet period by id.';
comment on column policy.proposal.value is 'The value it is to have; json null = it is to end.';
comment on column policy.proposal.effective_from is 'Not before this instant; null = with the approval.';
comment on column policy.proposal.state is 'pending > approved | declined | expired | superseded (the rule was changed otherwise meanwhile).';

alter table policy.rule add column proposal_id uuid references policy.proposal;
create index rule_proposal_idx on policy.rule (proposal_id) where proposal_id is not null;
comment on column policy.rule.proposal_id is 'The approved proposal that this version carries out; null = it needed none, or was written by hand.';
comment on column policy.rule.valid_at is 'When the version is in force; empty = it was replaced before it ever came into force.';
alter table policy.cap add column proposal_id uuid references policy.proposal;
create index cap_proposal_idx on policy.cap (proposal_id) where proposal_id is not null;
comment on column policy.cap.proposal_id is 'The approved proposal that this version carries out; null = it needed none, or was written by hand.';
comment on column policy.cap.valid_at is 'When the version is in force; empty = it was replaced before it ever came into force.';
-- What was set for later may be taken back before it begins: its range becomes empty, its row stays.
alter table policy.rule drop constraint rule_validity_is_not_empty;
alter table policy.cap drop constraint cap_validity_is_not_empty;

create table policy.cap_change_counter (
  purpose text primary key,
  changes bigint not null default 0,
  constraint cap_change_counter_purpose_is_capped check (purpose in ('outreach', 'coaching', 'voice'))
);
comment on table policy.cap_change_counter is 'Counts the changes of the caps of a purpose, by trigger: a sending written from a snapshot older than the last change fails on this row.';
insert into policy.cap_change_counter (purpose) values ('outreach'), ('coaching'), ('voice');

alter table policy.quiet_period
  add column ended_at timestamptz,
  add column ended_by text,
  add column end_reason text,
  add constraint quiet_period_end_is_whole check ((ended_at is null) = (ended_by is null) and (ended_at is null) = (end_reason is null)),
  add constraint quiet_period_end_reason_is_given check (btrim(end_reason) <> ''),
  add constraint quiet_period_reason_is_given check (btrim(reason) <> ''),
  add constraint quiet_period_is_named check (btrim(name) <> ''),
  add constraint quiet_period_purpose_is_capped check (purpose in ('outreach', 'coaching', 'voice'));
comment on column policy.quiet_period.during is 'Instants between which the row is in force; empty = taken back before it began.';
comment on column policy.quiet_period.ended_at is 'When somebody ended it before its time; null = nobody did.';

alter table smartengage.segment_definition
  add constraint segment_visits_are_counts check (min_visits >= 0 and max_visits >= 0),
  add constraint segment_visits_are_in_order check (min_visits <= max_visits),
  add constraint segment_days_are_positive check (first_visit_within_days > 0 and silent_for_days > 0),
  add constraint segment_definition_reason_is_given check (btrim(reason) <> '');

create index audit_time_idx on policy.audit (happened_at, audit_id);
create index audit_actor_idx on policy.audit (actor, happened_at, audit_id);
create index audit_action_idx on policy.audit (action, happened_at, audit_id);

with rules (rule, unit, minimum, maximum, loosens, value, meaning) as (values
  ('proposal.keep', 'days', 1, 90, null, '7', 'A proposal that needs a second admin expires after this long.'),
  ('quiet.longest', 'days', 1, 366, null, '14', 'Longest time without any allowed instant that the calendar may come to; also the longest that quiet times of nearly a whole day may last.'),
  ('quiet.longest_daily', 'hours', 1, 23, null, '16', 'Longest daily quiet time that may go on for longer than quiet.longest.')
), kinds as (
  insert into policy.rule_definition (rule, value_type, unit, minimum, maximum, loosens, meaning)
  select rule, 'number', unit, minimum, maximum, loosens, meaning from rules
)
insert into policy.rule (rule, version, value, valid_at, author, reason)
select rule, 1, value::jsonb, tstzrange(null, null), 'default', meaning from rules;
