-- depends: 0008.text

-- A replay of history needs the order of decisions.
create sequence outreach.decision_no;
comment on sequence outreach.decision_no is
  'Order of the decisions on messages. Drawn under the locks of the people, so that for one person it is the order in which '
  'they were made, whatever the clocks.';

create table outreach.message (
  message_id uuid primary key default uuidv7(),
  user_id uuid not null references account.person,
  channel text not null,
  purpose text not null,
  message_class text not null,
  obeys_caps boolean not null,
  takes_slot boolean not null,
  kind text not null,
  campaign_id uuid,
  run_id uuid,
  occurrence text not null,
  service_id uuid references market.service,
  about_booking_id uuid references market.booking,
  add_on_ids uuid[] not null default '{}',
  suggested_at timestamptz,
  expected_at timestamptz,
  expected_value double precision not null default 0,
  template_id uuid references text.template,
  exempt_reason text,
  state text not null default 'scheduled',
  state_at timestamptz not null,
  planned_at timestamptz not null,
  due_at timestamptz not null,
  useful_until timestamptz not null,
  window_from time,
  window_until time,
  attempt int not null default 0,
  failures int not null default 0,
  reason text,
  rule text,
  rule_version int,
  constraint message_occurrence_is_unique unique nulls not distinct (user_id, campaign_id, occurrence),
  constraint message_is_referenced_whole unique (message_id, user_id, channel, purpose, takes_slot),
  constraint message_is_of_class foreign key (message_class, purpose, obeys_caps, takes_slot)
    references policy.message_class (message_class, purpose, obeys_caps, takes_slot),
  constraint message_channel_is_known check (channel in ('email', 'sms', 'whatsapp', 'push', 'in_app')),
  constraint message_purpose_is_known check (purpose in ('outreach', 'coaching', 'voice', 'transactional')),
  constraint message_that_is_transactional_has_no_campaign check (purpose <> 'transactional' or campaign_id is null),
  constraint message_state_is_known check (state in (
    'ghost', 'scheduled', 'claimed', 'in_doubt', 'sent', 'delivered', 'opened', 'clicked', 'booked', 'bounced',
    'expired', 'refused', 'failed')),
  constraint message_unsent_end_has_reason check (state not in ('expired', 'refused', 'failed') or reason is not null),
  constraint message_exemption_is_for_exempt_classes check (
    exempt_reason is null or (not obeys_caps and btrim(exempt_reason) <> '')),
  constraint message_window_is_whole check ((window_from is null) = (window_until is null)),
  constraint message_is_useful_when_due check (due_at <= useful_until)
);
-- Few indexes: a message passes through four states, and each change writes every index.
create index message_due_idx on outreach.message (channel, due_at, message_id) where state = 'scheduled';
create index message_unsettled_idx on outreach.message (state_at) where state in ('claimed', 'in_doubt');
create index message_run_idx on outreach.message (run_id, state);
-- A replay looks up which of millions of messages led to a booking.
create index message_booked_idx on outreach.message (message_id) where state = 'booked';
create index message_about_booking_idx on outreach.message (about_booking_id) where about_booking_id is not null;
comment on table outreach.message is
  'One message to one person, from its planning to its end. This row, not the queued job, holds state, attempts and due time.';
comment on column outreach.message.obeys_caps is
  'Copied from the class at planning, like purpose and takes_slot, so that a later change of the class changes no count.';
comment on column outreach.message.campaign_id is
  'smartengage.campaign of the message; null for transactional messages. No foreign key: that schema is above.';
comment on column outreach.message.occurrence is
  'What the message is about within its campaign, so that it exists once; for reminders service code:completed visits.';
comment on column outreach.message.about_booking_id is 'The booking that the message is about; null = none.';
comment on column outreach.message.expected_value is
  'Poisha expected from the booking that it may bring; ranks competing messages.';
comment on column outreach.message.exempt_reason is
  'Recorded reason to send although a cap is used up; only for classes that need not obey caps.';
comment on column outreach.message.state is
  'ghost | scheduled > claimed > sent > delivered > opened > clicked > booked | bounced | in_doubt | expired | refused | failed';
comment on column outreach.message.due_at is 'When it may next be claimed; later after a deferral or retry.';
comment on column outreach.message.useful_until is 'After this instant the message expires.';
comment on column outreach.message.window_from is
  'Local times of the person between which the campaign sends, until window_until; null = any time.';
comment on column outreach.message.failures is 'Number of attempts that the provider refused for now.';

create table outreach.campaign_hold (
  campaign_id uuid primary key,
  kind text not null,
  since timestamptz not null,
  constraint campaign_hold_kind_is_known check (kind in ('paused', 'stopped'))
);
comment on table outreach.campaign_hold is
  'Campaigns whose messages must not be claimed: those of paused ones wait, those of stopped ones are refused. Written by '
  'triggers of smartengage.campaign.';

create table outreach.delivery (
  message_id uuid not null,
  attempt int not null,
  decision_no bigint default nextval('outreach.decision_no'),
  release_no bigint,
  user_id uuid not null,
  channel text not null,
  purpose text not null,
  obeys_caps boolean,
  takes_slot boolean not null,
  due_at timestamptz,
  useful_until timestamptz,
  sent_at timestamptz not null,
  sent_during tstzrange not null generated always as (tstzrange(sent_at, sent_at, '[]')) stored,
  consent_channel text,
  consent_purpose text,
  state text not null default 'claimed',
  template_id uuid,
  subject text,
  body text,
  adapter text,
  provider_id text,
  person_limit boolean not null default false,
  error text,
  settled_at timestamptz,
  primary key (message_id, attempt),
  constraint delivery_is_of_message foreign key (message_id, user_id, channel, purpose, takes_slot)
    references outreach.message (message_id, user_id, channel, purpose, takes_slot),
  constraint delivery_has_consent foreign key (user_id, consent_channel, consent_purpose, period sent_during)
    references account.consent (user_id, channel, purpose, period valid_at),
  constraint delivery_names_consent check (
    case when purpose = 'transactional' then consent_channel is null and consent_purpose is null
         else consent_channel is not null and consent_purpose is not null
              and consent_channel = channel and consent_purpose = purpose end),
  constraint delivery_state_is_known check (state in ('claimed', 'in_doubt', 'accepted', 'bounced', 'released')),
  constraint delivery_attempt_is_positive check (attempt > 0)
);
create index delivery_provider_idx on outreach.delivery (adapter, provider_id) where provider_id is not null;
create index delivery_sms_reference_idx on outreach.delivery (right(replace(message_id::text, '-', ''), 20)) where channel = 'sms';
-- Deliveries are inserted in order of time, so a few block ranges locate a day; the index costs claims almost nothing.
-- Readers: the daily count of variants, the nightly uplift.
create index delivery_time_idx on outreach.delivery using brin (sent_at) with (autosummarize = on);
-- For caps, with all columns that a replay reads, so that it does not read the wide rows.
create index delivery_consent_idx on outreach.delivery (user_id, channel, purpose, sent_at)
  include (message_id, takes_slot, state, decision_no, release_no, due_at, useful_until, obeys_caps);
-- Includes what a replay reads, for the same reason.
create unique index delivery_live_once_idx on outreach.delivery (message_id) include (sent_at, purpose) where state <> 'released';
comment on table outreach.delivery is
  'One attempt to send a message, recorded at the claim, before anything is sent. The temporal key requires a consent that '
  'covers sent_at; a trigger takes the cap slots.';
comment on column outreach.delivery.decision_no is
  'Position among all decisions (outreach.decision_no); null = recorded before decisions were numbered.';
comment on column outreach.delivery.release_no is
  'Position at which it was released; from then on it does not count. Null = not released.';
comment on column outreach.delivery.obeys_caps is 'Copied from the message; null = recorded by hand.';
comment on column outreach.delivery.due_at is 'due_at of the message at the claim; null = recorded by hand.';
comment on column outreach.delivery.useful_until is 'useful_until of the message at the claim; null = recorded by hand.';
comment on column outreach.delivery.sent_at is 'The instant of the claim, at which consent and caps are required.';
comment on column outreach.delivery.consent_channel is
  'With consent_purpose, the consent it rests on; null only for purpose transactional.';
comment on column outreach.delivery.state is
  'claimed > accepted > bounced | in_doubt (answer lost) | released (refused before acceptance, or returned; holds no slot).';
comment on column outreach.delivery.template_id is
  'template_id of the message at the claim. No foreign key: that of the message suffices.';
comment on column outreach.delivery.body is
  'The text as sent, placeholders filled, but links shown as {link} and {stop_link}: link keys are stored only hashed.';
comment on column outreach.delivery.person_limit is
  'The provider did not deliver it because this person had enough messages of this kind, from all senders together.';

create table outreach.cap_slot (
  user_id uuid not null,
  cap text not null,
  cap_version int not null,
  slot_no int not null,
  max_messages int not null,
  window_hours int not null,
  taken_at timestamptz not null,
  frees_at timestamptz not null,
  during tstzrange not null generated always as (tstzrange(taken_at, frees_at)) stored,
  message_id uuid not null,
  attempt int not null,
  primary key (message_id, attempt, cap),
  constraint cap_slot_is_of_delivery foreign key (message_id, attempt) references outreach.delivery (message_id, attempt),
  constraint cap_slot_is_of_cap foreign key (cap, cap_version, max_messages, window_hours)
    references policy.cap (cap, version, max_messages, window_hours),
  constraint cap_slot_is_within_limit check (slot_no between 1 and max_messages),
  constraint cap_slot_frees_after_window check (frees_at = taken_at + make_interval(hours => window_hours)),
  constraint cap_slot_is_taken_once exclude using gist (user_id with =, cap with =, cap_version with =, slot_no with =,
    during with &&)
);
comment on table outreach.cap_slot is
  'Slots under the caps: a cap of N has N slots per person, each held for the cap''s window. Two holders of a slot never '
  'overlap, so no writer can exceed a cap.';
comment on column outreach.cap_slot.frees_at is 'Exclusive: at this microsecond the slot is free again.';

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
  reason text not null references policy.refusal_reason,
  rule text not null,
  rule_version int not null,
  until timestamptz,
  constraint claim_denial_verdict_is_known check (verdict in ('defer', 'refuse', 'expire')),
  constraint claim_denial_deferral_has_until check (verdict <> 'defer' or until is not null)
);
create index claim_denial_person_idx on outreach.claim_denial (user_id, decided_at);
create index claim_denial_message_idx on outreach.claim_denial (message_id);
comment on table outreach.claim_denial is
  'Every deferral, refusal and expiry at a claim, with its rule; a message to send is a row of outreach.delivery.';
comment on column outreach.claim_denial.due_at is 'due_at of the message at the claim.';
comment on column outreach.claim_denial.until is
  'When the gate would let it pass: with defer its next due_at; with refuse and expire later than useful_until; null = never.';

create table outreach.link (
  key_hash bytea primary key,
  message_id uuid not null,
  user_id uuid not null,
  channel text not null,
  purpose text not null,
  created_at timestamptz not null,
  book_until timestamptz not null,
  stop_until timestamptz not null,
  booking_id uuid references market.booking,
  booked_at timestamptz,
  constraint link_hash_is_sha256 check (octet_length(key_hash) = 32),
  constraint link_booked_is_whole check ((booking_id is null) = (booked_at is null))
);
create index link_message_idx on outreach.link (message_id);
create index link_booking_idx on outreach.link (booking_id) where booking_id is not null;
comment on table outreach.link is
  'Links in messages: a random 128-bit key, stored only as sha256, bound to one message and person.';
comment on column outreach.link.message_id is
  'outreach.message that contains the link. No foreign key: a link works for years (link.stop_for) and outlives its message.';
comment on column outreach.link.user_id is 'The person of the message. No foreign key: that of the message suffices.';
comment on column outreach.link.book_until is 'Until then /l/{token} opens the pre-filled booking.';
comment on column outreach.link.stop_until is 'Until then, years later, /u/{token} withdraws the consent.';

create table outreach.message_event (
  event_id uuid primary key default uuidv7(),
  message_id uuid references outreach.message,
  attempt int,
  source text not null,
  source_event_id text,
  provider_id text,
  kind text not null,
  bounce text,
  is_machine boolean not null default false,
  detail jsonb not null default '{}',
  happened_at timestamptz not null,
  recorded_at timestamptz not null,
  constraint message_event_counts_once unique (source, source_event_id),
  constraint message_event_bounce_is_known check (bounce in ('hard', 'soft', 'mailbox_full', 'vacation')),
  constraint message_event_bounce_is_of_bounced check (bounce is null or kind = 'bounced'),
  constraint message_event_attempt_is_positive check (attempt > 0),
  constraint message_event_kind_is_known check (
    kind in ('sent', 'delivered', 'opened', 'clicked', 'booked', 'bounced', 'complained', 'useful', 'not_useful', 'returned'))
);
create index message_event_message_idx on outreach.message_event (message_id, kind);
create index message_event_orphan_idx on outreach.message_event (source, provider_id)
  where message_id is null and provider_id is not null;
comment on table outreach.message_event is
  'What was reported of a message after it was sent, in any order and with repetitions; the message takes the furthest state.';
comment on column outreach.message_event.attempt is
  'Delivery that it is about, if the provider reports it; null = the one with this provider_id.';
comment on column outreach.message_event.provider_id is
  'The provider''s id for the message. An event with only this id waits, without message_id, until a delivery has it.';
comment on column outreach.message_event.bounce is
  'For bounces: hard (the address is bad), soft, mailbox_full, vacation (an automatic reply, not a bounce).';
comment on column outreach.message_event.is_machine is 'By a scanner or image proxy, not a person: kept, but without effect.';

create table outreach.webhook_call (
  provider text not null,
  webhook_id text not null,
  received_at timestamptz not null,
  body bytea,
  read_at timestamptz,
  events int,
  parse_error text,
  primary key (provider, webhook_id),
  constraint webhook_call_body_goes_when_read check (body is null or read_at is null),
  constraint webhook_call_read_has_events check ((read_at is null) = (events is null))
);
create index webhook_call_age_idx on outreach.webhook_call (received_at);
comment on table outreach.webhook_call is
  'Webhook calls of providers with a valid signature, each id once; the worker process parses the body, which is then deleted.';
comment on column outreach.webhook_call.body is
  'As received, for the adapter to parse; may contain addresses, so it is deleted once parsed.';
comment on column outreach.webhook_call.events is 'Number of new events; null = not parsed yet.';
comment on column outreach.webhook_call.parse_error is 'Why it could not be parsed; null if it was.';

create table outreach.inbox_message (
  message_id uuid primary key references outreach.message,
  user_id uuid not null references account.person,
  subject text not null,
  body text not null,
  arrived_at timestamptz not null,
  read_at timestamptz
);
create index inbox_message_person_idx on outreach.inbox_message (user_id, arrived_at);
comment on table outreach.inbox_message is 'In-app messages as the person reads them.';

create table outreach.hour_share (
  segment text not null,
  local_hour int not null,
  share double precision not null,
  as_of timestamptz not null,
  primary key (segment, local_hour),
  constraint hour_share_hour_is_of_day check (local_hour between 0 and 23)
);
comment on table outreach.hour_share is
  'When the people of a segment use the app: the fractions of their uses by local hour, which sum to 1; segment all = everybody.';
