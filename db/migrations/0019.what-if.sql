-- depends: 0017.announcements 0028.uplift
-- What a replay of history needs, kept when it is decided: in which order, when, and what was said.

create sequence outreach.decision_no;
comment on sequence outreach.decision_no is 'Order of the decisions on messages. Drawn under the locks of the people, so for one person it is the order in which they were made, whatever their clocks said.';

alter table outreach.delivery
  add column decision_no bigint,
  add column release_no bigint,
  add column due_at timestamptz,
  add column useful_until timestamptz,
  add column obeys_caps boolean;
alter table outreach.delivery alter column decision_no set default nextval('outreach.decision_no');
comment on column outreach.delivery.decision_no is 'Place among all decisions (outreach.decision_no); null = older than their counting, before all that have one.';
comment on column outreach.delivery.release_no is 'Place at which it was released, and counted no more.';
comment on column outreach.delivery.due_at is 'The message''s due_at when this was decided; null = written by hand.';
comment on column outreach.delivery.useful_until is 'The message''s, then; null = written by hand.';
comment on column outreach.delivery.obeys_caps is 'The message''s; null = written by hand.';

-- The same key as before, with all that a replay reads of a sending: it never touches the texts.
drop index outreach.delivery_consent_idx;
create index delivery_consent_idx on outreach.delivery (user_id, channel, purpose, sent_at)
  include (message_id, takes_slot, state, decision_no, release_no, due_at, useful_until, obeys_caps);

create table outreach.claim_denial (
  decision_no bigint primary key default nextval('outreach.decision_no'),
  message_id uuid not null references outreach.message,
  user_id uuid not null references account.person,
  channel text not null,
  purpose text not null,
  decided_at timestamptz not null,
  due_at timestamptz not null,
  useful_until timestamptz not null,
  verdict text not null,
  reason text not null,
  rule text not null,
  rule_version int not null,
  until timestamptz,
  constraint decision_verdict_is_known check (verdict in ('defer', 'refuse', 'expire')),
  constraint decision_to_defer_tells_until check (verdict <> 'defer' or until is not null)
);
create index claim_denial_person_idx on outreach.claim_denial (user_id, decided_at);
create index claim_denial_message_idx on outreach.claim_denial (message_id);
comment on table outreach.claim_denial is 'Every "not now" and "no" at a claim, with its rule; a "yes" is a row of outreach.delivery.';
comment on column outreach.claim_denial.due_at is 'The message''s due_at that brought it to the claim.';
comment on column outreach.claim_denial.until is 'When the gate would have let it pass: with defer its next due_at; with refuse and expire later than it was useful; null = never.';

alter table smartengage.run add column decision_no bigint;
alter table smartengage.run alter column decision_no set default nextval('outreach.decision_no');
comment on column smartengage.run.decision_no is 'Place of the planning among all decisions; null = older than their counting.';

alter table smartengage.candidate
  add column channel text,
  add column wanted_at timestamptz,
  add column useful_until timestamptz,
  add constraint candidate_channel_is_known check (channel in ('email', 'sms', 'whatsapp', 'push', 'in_app'));
create index candidate_capped_idx on smartengage.candidate (user_id) where reason = 'capped';
comment on column smartengage.candidate.channel is 'The channel that it came to the caps with; null = refused by an earlier gate.';
comment on column smartengage.candidate.wanted_at is 'The best instant, caps aside; null = refused by an earlier gate.';
comment on column smartengage.candidate.useful_until is 'Past it the message would have been no use; null = refused by an earlier gate.';

create type what_if.replay_result as (message_id uuid, sent_at timestamptz, reason text);
comment on type what_if.replay_result is 'What became of a message in a replay, where that differs from history: sent then, or, with sent_at null, not sent for that reason.';
