-- depends: 0003.queue

create table policy.installation (
  singleton boolean primary key default true,
  installation_id uuid not null default uuidv7(),
  kind text not null default 'live',
  sending boolean not null default true,
  system_identifier bigint not null,
  constraint installation_is_one_row check (singleton),
  constraint installation_kind_is_known check (kind in ('live', 'demo'))
);
comment on table policy.installation is 'One row: what this database is, and whether it may send at all.';
comment on column policy.installation.kind is 'live, or demo: only a demo (or empty) database accepts made-up people.';
comment on column policy.installation.sending is 'The master switch: false stops every claim at once.';
comment on column policy.installation.system_identifier is
  'Cluster that sending was confirmed for; a copy restored elsewhere differs and sends nothing until confirmed.';

create table policy.time_zone (
  name text primary key
);
comment on table policy.time_zone is
  'Zones that this server knows, copied once: reading pg_timezone_names opens hundreds of files.';

-- Rules, caps and quiet periods are changed without code: proposals are for a second admin.
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
comment on table policy.proposal is
  'Changes that protect people less, proposed by one admin: in force only when another one approves before they expire.';
comment on column policy.proposal.subject is 'The rule or cap by name, or the quiet period by id.';
comment on column policy.proposal.value is 'The value it is to have; json null = it is to end.';
comment on column policy.proposal.effective_from is 'Not before this instant; null = with the approval.';
comment on column policy.proposal.state is
  'pending > approved | declined | expired | superseded (the rule was changed otherwise meanwhile).';

create table policy.rule_definition (
  rule text primary key,
  value_type text not null,
  unit text not null,
  minimum numeric,
  maximum numeric,
  loosens text,
  always_true boolean not null default false,
  meaning text not null,
  constraint rule_definition_value_type_is_known check (value_type in ('number', 'boolean', 'string', 'array', 'object')),
  constraint rule_definition_bounds_are_for_numbers check (value_type = 'number' or (minimum is null and maximum is null)),
  constraint rule_definition_loosens_is_known check (loosens in ('up', 'down')),
  constraint rule_definition_always_true_is_boolean check (value_type = 'boolean' or not always_true)
);
comment on table policy.rule_definition is
  'What each rule is: type, unit, bounds and meaning. A rule without a row here cannot be set.';
comment on column policy.rule_definition.loosens is
  'Direction in which the rule protects people less; null where it does not guard consent or caps.';
comment on column policy.rule_definition.always_true is 'True = the rule cannot be switched off: true is its only value.';

create table policy.rule (
  rule text not null references policy.rule_definition,
  version int not null,
  value jsonb not null,
  valid_at tstzrange not null,
  author text not null,
  reason text not null,
  proposal_id uuid references policy.proposal,
  primary key (rule, version),
  constraint rule_version_is_positive check (version > 0),
  constraint rule_reason_is_given check (btrim(reason) <> ''),
  constraint rule_versions_do_not_overlap exclude using gist (rule with =, valid_at with &&)
);
create index rule_proposal_idx on policy.rule (proposal_id) where proposal_id is not null;
comment on table policy.rule is
  'Every number of the product, versioned: the value in force at an instant is the row whose valid_at holds it.';
comment on column policy.rule.valid_at is 'When the version is in force; empty = it was replaced before it ever came into force.';
comment on column policy.rule.proposal_id is
  'The approved proposal that this version carries out; null = it needed none, or was written by hand.';

create table policy.refusal_reason (
  reason text primary key,
  rule text not null references policy.rule_definition,
  meaning text not null
);
comment on table policy.refusal_reason is 'Why a gate stops a message, and the rule behind it.';
comment on column policy.refusal_reason.rule is 'The rule; for reason capped, records name the cap instead.';

create table policy.gate (
  stage text not null,
  place int not null,
  gate text not null,
  reason text not null references policy.refusal_reason,
  verdict text not null,
  primary key (stage, reason),
  constraint gate_stage_is_known check (stage in ('plan', 'claim')),
  constraint gate_place_is_positive check (place > 0),
  constraint gate_verdict_is_of_stage check (
    case stage when 'plan' then verdict in ('refuse', 'ghost') else verdict in ('refuse', 'expire', 'wait') end)
);
comment on table policy.gate is
  'The gates before a message, with each reason that they give: the first gate by place that does not pass decides.';
comment on column policy.gate.stage is
  'plan: smartengage.eligibility (places below 10), then smartengage.plan_decisions and smartengage.announcement_decisions. '
  'claim: outreach.claim_verdicts.';
comment on column policy.gate.place is
  'Order within the stage; gate cap leaves free the places after its own, as each cap in force is explained by itself.';
comment on column policy.gate.verdict is
  'What becomes of the message, unless the claim defers it: refuse, expire, ghost (held out), or wait (not claimed).';

create table policy.message_class (
  message_class text primary key,
  purpose text not null,
  priority int not null,
  obeys_caps boolean not null,
  takes_slot boolean not null,
  stops_when text not null default 'nothing',
  meaning text not null,
  constraint message_class_is_referenced_whole unique (message_class, purpose, obeys_caps, takes_slot),
  constraint message_class_purpose_is_known check (purpose in ('outreach', 'coaching', 'voice', 'transactional')),
  constraint message_class_stop_is_known check (stops_when in ('service_booking', 'any_booking', 'review', 'nothing'))
);
comment on table policy.message_class is 'Kinds of messages by purpose: who goes first, which obey caps, which use them up.';
comment on column policy.message_class.priority is 'Lower goes first where several messages compete for a slot.';
comment on column policy.message_class.obeys_caps is
  'False: may go although the cap is used up (only purpose transactional, or with a recorded reason).';
comment on column policy.message_class.takes_slot is 'False: takes no slot, so it does not hold others back.';
comment on column policy.message_class.stops_when is
  'What makes a planned message pointless: service_booking (a booking of its service), any_booking, review, nothing. The claim '
  'checks service_booking; no class uses any_booking or review.';

create table policy.cap (
  cap text not null,
  version int not null,
  purpose text not null,
  channel text,
  max_messages int,
  window_hours int not null,
  valid_at tstzrange not null,
  author text not null,
  reason text not null,
  proposal_id uuid references policy.proposal,
  primary key (cap, version),
  constraint cap_is_referenced_whole unique nulls not distinct (cap, version, max_messages, window_hours),
  constraint cap_limit_is_not_negative check (max_messages >= 0),
  constraint cap_window_is_positive check (window_hours between 1 and 8784),
  constraint cap_purpose_is_capped check (purpose in ('outreach', 'coaching', 'voice')),
  constraint cap_channel_is_known check (channel in ('email', 'sms', 'whatsapp', 'push', 'in_app')),
  constraint cap_reason_is_given check (btrim(reason) <> ''),
  constraint cap_versions_do_not_overlap exclude using gist (cap with =, valid_at with &&)
);
create index cap_proposal_idx on policy.cap (proposal_id) where proposal_id is not null;
comment on table policy.cap is
  'Frequency caps, versioned: at most max_messages in any window_hours. 0 = never; null = no limit; no row in force for a purpose '
  '= nothing may be sent for it.';
comment on column policy.cap.channel is 'The channel it counts and binds; null = all channels together.';
comment on column policy.cap.valid_at is 'When the version is in force; empty = it was replaced before it ever came into force.';
comment on column policy.cap.proposal_id is
  'The approved proposal that this version carries out; null = it needed none, or was written by hand.';

create table policy.cap_change_counter (
  purpose text primary key,
  changes bigint not null default 0,
  constraint cap_change_counter_purpose_is_capped check (purpose in ('outreach', 'coaching', 'voice'))
);
comment on table policy.cap_change_counter is
  'Counts the changes of the caps of a purpose, by trigger: a sending written from a snapshot older than the last change fails on '
  'this row.';

create table policy.quiet_period (
  quiet_period_id uuid primary key default uuidv7(),
  name text not null,
  purpose text,
  isodow int,
  from_time time,
  until_time time,
  during tstzrange not null default tstzrange(null, null),
  created_at timestamptz not null,
  author text not null,
  reason text not null,
  ended_at timestamptz,
  ended_by text,
  end_reason text,
  constraint quiet_period_weekday_is_iso check (isodow between 1 and 7),
  constraint quiet_period_has_both_times check ((from_time is null) = (until_time is null)),
  constraint quiet_period_is_bounded check (from_time is not null or (not lower_inf(during) and not upper_inf(during))),
  constraint quiet_period_times_differ check (from_time <> until_time),
  constraint quiet_period_end_is_whole check (
    (ended_at is null) = (ended_by is null) and (ended_at is null) = (end_reason is null)),
  constraint quiet_period_end_reason_is_given check (btrim(end_reason) <> ''),
  constraint quiet_period_reason_is_given check (btrim(reason) <> ''),
  constraint quiet_period_is_named check (btrim(name) <> ''),
  constraint quiet_period_purpose_is_capped check (purpose in ('outreach', 'coaching', 'voice'))
);
comment on table policy.quiet_period is
  'Times at which nothing is sent: nightly, weekly, or dates that operations edit (moon-sighted days, disasters, strikes).';
comment on column policy.quiet_period.purpose is
  'The purpose it binds; null = every capped purpose. Transactional messages (codes, receipts) are never held.';
comment on column policy.quiet_period.isodow is 'Local weekday on which it begins, 1 = Monday; null = every day.';
comment on column policy.quiet_period.from_time is 'Local time of the person at which it begins; null = the whole of during.';
comment on column policy.quiet_period.until_time is 'Local time at which it ends; before from_time = on the next day.';
comment on column policy.quiet_period.during is 'Instants between which the row is in force; empty = taken back before it began.';
comment on column policy.quiet_period.ended_at is 'When somebody ended it before its time; null = nobody did.';

create table policy.alert (
  alert_id uuid primary key default uuidv7(),
  kind text not null,
  subject text not null,
  raised_at timestamptz not null,
  detail jsonb not null default '{}',
  acknowledged_at timestamptz,
  acknowledged_by uuid,
  outcome text,
  judged text,
  judged_by uuid,
  constraint alert_acknowledgement_is_whole check ((acknowledged_at is null) = (acknowledged_by is null)),
  constraint alert_outcome_needs_acknowledgement check (outcome is null or acknowledged_at is not null),
  constraint alert_judgement_is_known check (judged in ('right', 'wrong', 'unclear')),
  constraint alert_judgement_is_whole check ((judged is null) = (judged_by is null)),
  constraint alert_judgement_needs_acknowledgement check (judged is null or acknowledged_at is not null)
);
create unique index alert_is_open_once_idx on policy.alert (kind, subject) where acknowledged_at is null;
create index alert_raised_idx on policy.alert (raised_at, alert_id);
comment on table policy.alert is
  'What a person has to look at: an episode each, open until an admin acknowledges it. Ids and numbers only.';
comment on column policy.alert.kind is 'What happened: campaign_stopped, …';
comment on column policy.alert.subject is 'Whom or what it is about, as kind and id: «campaign 0193…».';
comment on column policy.alert.detail is 'The numbers that raised it.';
comment on column policy.alert.acknowledged_by is 'The admin (account.person); no foreign key, as that layer is above.';
comment on column policy.alert.outcome is 'What the admin found or did; never about a person by name.';
comment on column policy.alert.judged is 'Whether the alert was justified: right, wrong or unclear; null = not judged.';
comment on column policy.alert.judged_by is 'The admin who judged it (account.person); no foreign key, as that layer is above.';

create table policy.snapshot_refresh (
  snapshot text primary key,
  as_of timestamptz not null,
  refreshed_at timestamptz not null,
  seconds double precision not null,
  row_count bigint not null
);
comment on table policy.snapshot_refresh is 'When each snapshot was last refreshed, how long it took and how many rows it has.';

create table policy.audit (
  audit_id uuid primary key default uuidv7(),
  happened_at timestamptz not null,
  actor text not null,
  action text not null,
  subject text not null,
  detail jsonb not null default '{}'
);
create index audit_subject_idx on policy.audit (subject, happened_at);
create index audit_time_idx on policy.audit (happened_at, audit_id);
create index audit_actor_idx on policy.audit (actor, happened_at, audit_id);
create index audit_action_idx on policy.audit (action, happened_at, audit_id);
comment on table policy.audit is 'Append-only record of who changed what; ids only, no personal data.';
