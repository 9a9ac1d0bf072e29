-- depends: 0015.alerts

alter table smartengage.campaign
  add column repeats boolean not null default true,
  add column starts_at timestamptz,
  add column ends_at timestamptz,
  add column widened_at timestamptz,
  add column version int not null default 1,
  add column changed_by text,
  add column changed_reason text,
  drop constraint campaign_kind_is_known,
  add constraint campaign_kind_is_known check (kind in ('reminder', 'announcement')),
  add constraint campaign_name_is_given check (btrim(name) <> ''),
  add constraint campaign_scheduled_has_start check (status <> 'scheduled' or starts_at is not null),
  add constraint campaign_ends_after_start check (ends_at > starts_at);
comment on column smartengage.campaign.repeats is 'True: planned every day until it ends. False: planned when asked; completed once everything it planned has ended.';
comment on column smartengage.campaign.starts_at is 'When a scheduled campaign starts by itself.';
comment on column smartengage.campaign.ends_at is 'When a running campaign is completed by itself; null = when somebody says so.';
comment on column smartengage.campaign.canary_share is 'Share of people (stable hash) that the campaign writes to until it is widened.';
comment on column smartengage.campaign.widened_at is 'Since then it writes to everybody: the canary had passed (smartengage.judge_campaign), or an admin said so.';
comment on column smartengage.campaign.version is 'Raised by every change. A change that does not raise it was made by hand (trigger campaign_moves_forward).';
comment on column smartengage.campaign.changed_by is 'Who made the last change: an admin''s id, a part of ours, or the log-in of whoever did it by hand.';
comment on column smartengage.campaign.changed_reason is 'Why.';
create index campaign_life_idx on smartengage.campaign (status, starts_at) where status in ('scheduled', 'running', 'paused');

alter table smartengage.run
  add column segments text[],
  add column message_class text not null default 'reminder',
  add column template_id uuid references text.template,
  add column service_id uuid references market.service,
  add column exempt_reason text,
  add constraint run_class_is_known check (message_class in ('reminder', 'announcement', 'urgent')),
  add constraint run_of_announcement_names_text check ((message_class = 'reminder') = (template_id is null)),
  add constraint run_urgency_has_reason check (
    (message_class = 'urgent') = (exempt_reason is not null and btrim(exempt_reason) <> ''));
create index run_template_idx on smartengage.run (template_id) where template_id is not null;
create index run_service_idx on smartengage.run (service_id) where service_id is not null;
comment on column smartengage.run.segments is 'Segments it was asked for; null = all of the campaign''s.';
comment on column smartengage.run.message_class is 'policy.message_class of its messages.';
comment on column smartengage.run.template_id is 'What an announcement says; each reader gets its counterpart in their language.';
comment on column smartengage.run.service_id is 'What an announcement is about; null = no service.';
comment on column smartengage.run.exempt_reason is 'Why an urgent one goes although caps are used up.';

-- An announcement is about a person, not about a service that they are due for.
alter table smartengage.candidate
  drop constraint candidate_pkey,
  alter column service_id drop not null,
  alter column p14 drop not null,
  alter column expected_at drop not null,
  add constraint candidate_is_one unique nulls not distinct (run_id, user_id, service_id);
comment on column smartengage.candidate.service_id is 'The service due, or that an announcement is about; null = none.';
comment on column smartengage.candidate.p14 is 'Probability of a booking within 14 days when planned; null for announcements.';

with rules (rule, value_type, unit, minimum, maximum, loosens, value, meaning) as (values
  ('announcement.once', 'boolean', '', null, null, null, 'true', 'The same announcement reaches a person once. A constraint holds it; it cannot be switched off.'),
  ('announcement.useful_for', 'number', 'hours', 1, 720, null, '48', 'An announcement that could not go by then is not sent.'),
  ('canary.hold', 'number', 'hours', 0, 720, 'down', '24', 'How long the first share of a campaign is watched before the rest may go.'),
  ('guardrail.window', 'number', 'days', 1, 60, null, '7', 'What was planned in these days is watched, and an opt-out this long after a message is held against it.'),
  ('guardrail.min_sample', 'number', 'messages', 1, 1000000, 'down', '50', 'Fewer messages prove nothing good: a canary does not pass on them.'),
  ('guardrail.min_hits', 'number', 'messages', 1, 1000000, 'up', '3', 'Fewer opt-outs, complaints or bounces prove nothing bad.'),
  ('guardrail.alpha', 'number', 'probability', 0.0000001, 0.5, 'down', '0.001', 'A campaign stops when a rate as high as seen had less than this chance were the true one at its maximum. Small, as it is asked every few minutes.'),
  ('guardrail.max_opt_outs', 'number', 'share', 0, 1, 'up', '0.02', 'Highest acceptable share of messages after which the reader opts out.'),
  ('guardrail.max_complaints', 'number', 'share', 0, 1, 'up', '0.003', 'Highest acceptable share of messages reported as unwanted.'),
  ('guardrail.max_bounces', 'number', 'share', 0, 1, 'up', '0.05', 'Highest acceptable share of messages that bounce or are refused for good.'),
  ('guardrail.mismatch_alpha', 'number', 'probability', 0.0000001, 0.5, 'down', '0.001', 'A campaign stops when so uneven a split into messages and ghosts had less than this chance.')
), kinds as (
  insert into policy.rule_definition (rule, value_type, unit, minimum, maximum, loosens, meaning)
  select rule, value_type, unit, minimum, maximum, loosens, meaning from rules
)
insert into policy.rule (rule, version, value, valid_at, author, reason)
select rule, 1, value::jsonb, tstzrange(null, null), 'default', meaning from rules;

update policy.rule_definition set always_true = true where rule = 'announcement.once';
