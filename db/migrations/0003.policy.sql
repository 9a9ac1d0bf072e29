-- depends: 0002.pgqueuer-1.6

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
comment on column policy.installation.system_identifier is 'Cluster that sending was confirmed for; a copy restored elsewhere differs and sends nothing until confirmed.';

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
comment on table policy.rule_definition is 'What each rule is: type, unit, bounds and meaning. A rule without a row here cannot be set.';
comment on column policy.rule_definition.always_true is 'True = the rule cannot be switched off: true is its only value.';
comment on column policy.rule_definition.loosens is 'Direction in which the rule protects people less; null where it does not guard consent or caps.';

create table policy.rule (
  rule text not null references policy.rule_definition,
  version int not null,
  value jsonb not null,
  valid_at tstzrange not null,
  author text not null,
  reason text not null,
  primary key (rule, version),
  constraint rule_versions_do_not_overlap exclude using gist (rule with =, valid_at with &&),
  constraint rule_version_is_positive check (version > 0),
  constraint rule_validity_is_not_empty check (not isempty(valid_at)),
  constraint rule_reason_is_given check (btrim(reason) <> '')
);
comment on table policy.rule is 'Every number of the product, versioned: the value in force at an instant is the row whose valid_at holds it.';

create table policy.message_class (
  message_class text primary key,
  purpose text not null,
  priority int not null,
  obeys_caps boolean not null,
  takes_slot boolean not null,
  meaning text not null,
  unique (message_class, purpose, obeys_caps, takes_slot),
  constraint message_class_purpose_is_known check (purpose in ('outreach', 'coaching', 'voice', 'transactional'))
);
comment on table policy.message_class is 'Kinds of messages by purpose: who goes first, which obey caps, which use them up.';
comment on column policy.message_class.priority is 'Lower goes first where several messages compete for a slot.';
comment on column policy.message_class.obeys_caps is 'False: may go although the cap is used up (only purpose transactional, or with a recorded reason).';
comment on column policy.message_class.takes_slot is 'False: takes no slot, so it does not hold others back.';

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
  primary key (cap, version),
  unique nulls not distinct (cap, version, max_messages, window_hours),
  constraint cap_versions_do_not_overlap exclude using gist (cap with =, valid_at with &&),
  constraint cap_limit_is_not_negative check (max_messages >= 0),
  constraint cap_window_is_positive check (window_hours between 1 and 8784),
  constraint cap_purpose_is_capped check (purpose in ('outreach', 'coaching', 'voice')),
  constraint cap_channel_is_known check (channel in ('email', 'sms', 'whatsapp', 'push', 'in_app')),
  constraint cap_validity_is_not_empty check (not isempty(valid_at)),
  constraint cap_reason_is_given check (btrim(reason) <> '')
);
comment on table policy.cap is 'Frequency caps, versioned: at most max_messages in any window_hours. 0 = never; null = no limit; no row in force for a purpose = nothing may be sent for it.';
comment on column policy.cap.channel is 'The channel it counts and binds; null = all channels together.';

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
  constraint quiet_period_weekday_is_iso check (isodow between 1 and 7),
  constraint quiet_period_has_both_times check ((from_time is null) = (until_time is null)),
  constraint quiet_period_is_bounded check (from_time is not null or (not lower_inf(during) and not upper_inf(during))),
  constraint quiet_period_times_differ check (from_time <> until_time)
);
comment on table policy.quiet_period is 'Times at which nothing is sent: nightly, weekly, or dates that operations edit (moon-sighted days, disasters, strikes).';
comment on column policy.quiet_period.purpose is 'The purpose it binds; null = every capped purpose. Transactional messages (codes, receipts) are never held.';
comment on column policy.quiet_period.isodow is 'Local weekday on which it begins, 1 = Monday; null = every day.';
comment on column policy.quiet_period.from_time is 'Local time of the person at which it begins; null = the whole of during.';
comment on column policy.quiet_period.until_time is 'Local time at which it ends; before from_time = on the next day.';
comment on column policy.quiet_period.during is 'Instants between which the row is in force.';

create table text.listed_word (
  list text not null,
  word text not null,
  is_single_word boolean not null default true,
  reason text not null,
  example text not null,
  primary key (list, word),
  constraint word_is_normalized check (word is nfc normalized),
  constraint word_list_is_known check (list in ('register', 'shame', 'threat', 'comparison', 'interrogation', 'pressure', 'profanity', 'allowed'))
);
comment on table text.listed_word is 'Words and phrases that a generated text must not contain, each with its reason; list allowed = words that only look forbidden.';
comment on column text.listed_word.is_single_word is 'True: a single word, compared with each word of a text. False: a phrase, compared with runs of words.';

create table policy.time_zone (
  name text primary key
);
comment on table policy.time_zone is 'Zones that this server knows, copied once: reading pg_timezone_names opens hundreds of files.';
insert into policy.time_zone select distinct name from pg_catalog.pg_timezone_names;

create table policy.audit (
  audit_id uuid primary key default uuidv7(),
  happened_at timestamptz not null,
  actor text not null,
  action text not null,
  subject text not null,
  detail jsonb not null default '{}'
);
create index audit_subject_idx on policy.audit (subject, happened_at);
comment on table policy.audit is 'Append-only record of who changed what; ids only, no personal data.';
