-- depends: 0005.market

create table text.template (
  template_id uuid primary key default uuidv7(),
  kind text not null,
  category text,
  language text not null,
  variant text not null,
  version int not null default 1,
  origin text not null,
  cohort text,
  prompt_version int,
  model text,
  subject text not null,
  body text not null,
  add_on_line text,
  created_at timestamptz not null,
  approved_by text,
  approved_at timestamptz,
  retired_at timestamptz,
  constraint template_is_unique unique nulls not distinct (kind, category, language, cohort, variant, version),
  constraint template_language_is_known check (language in ('bn', 'en')),
  constraint template_origin_is_known check (origin in ('house', 'model')),
  constraint template_of_model_tells_cohort check ((origin = 'model') = (cohort is not null and prompt_version is not null and model is not null)),
  constraint template_approval_is_whole check ((approved_by is null) = (approved_at is null)),
  constraint template_text_is_normalized check (subject is nfc normalized and body is nfc normalized and add_on_line is nfc normalized)
);
create index template_choice_idx on text.template (kind, category, language) where approved_at is not null and retired_at is null;
comment on table text.template is 'Texts with placeholders, by an admin or this product (origin house) or by the model for a cohort (origin model); used only if approved.';
comment on column text.template.kind is 'What triggers it: reminder, …';
comment on column text.template.category is 'Service category it speaks of; null = any.';
comment on column text.template.cohort is 'For texts of the model: the cohort they were written for (no personal data); null = house text.';
comment on column text.template.add_on_line is 'Sentence put at {add_on_line} where an add-on is offered; null = this text never offers one.';
comment on column text.template.approved_by is 'Who approved it: a person, or sql:review for texts of the model that passed text.faults_on_channel.';

create table text.rejected_answer (
  rejected_answer_id uuid primary key default uuidv7(),
  cohort text not null,
  prompt_version int not null,
  model text not null,
  answer text not null,
  reasons text[] not null,
  rejected_at timestamptz not null
);
comment on table text.rejected_answer is 'Answers of the model that were not used, each with every reason.';

create table text.model_call (
  model_call_id uuid primary key default uuidv7(),
  cohort text not null,
  prompt_version int not null,
  model text not null,
  called_at timestamptz not null,
  tokens_in int not null default 0,
  tokens_out int not null default 0,
  failure text,
  constraint model_call_tokens_are_not_negative check (tokens_in >= 0 and tokens_out >= 0)
);
create index model_call_day_idx on text.model_call (called_at);
comment on table text.model_call is 'Every call of the model, for budgets and costs; failure = why no text came of it.';

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
  unique (message_id, user_id, channel, purpose, takes_slot),
  constraint message_is_of_class foreign key (message_class, purpose, obeys_caps, takes_slot)
    references policy.message_class (message_class, purpose, obeys_caps, takes_slot),
  constraint message_channel_is_known check (channel in ('email', 'sms', 'whatsapp', 'push', 'in_app')),
  constraint message_purpose_is_known check (purpose in ('outreach', 'coaching', 'voice', 'transactional')),
  constraint message_that_is_transactional_has_no_campaign check (purpose <> 'transactional' or campaign_id is null),
  constraint message_state_is_known check (state in (
    'ghost', 'scheduled', 'claimed', 'in_doubt', 'sent', 'delivered', 'opened', 'clicked', 'booked', 'bounced',
    'expired', 'refused', 'failed')),
  constraint message_unsent_end_has_reason check (state not in ('expired', 'refused', 'failed') or reason is not null),
  constraint message_exemption_is_for_exempt_classes check (exempt_reason is null or (not obeys_caps and btrim(exempt_reason) <> '')),
  constraint message_window_is_whole check ((window_from is null) = (window_until is null)),
  constraint message_is_useful_when_due check (due_at <= useful_until)
);
-- Few indexes: each message moves through four states, and every index is written anew with each.
create index message_due_idx on outreach.message (channel, due_at, message_id) where state = 'scheduled';
create index message_unsettled_idx on outreach.message (state_at) where state in ('claimed', 'in_doubt');
create index message_run_idx on outreach.message (run_id, state);
comment on table outreach.message is 'One message to one person, from plan to end. This row, not the job, holds state, attempts and next time.';
comment on column outreach.message.occurrence is 'What the message is about within its campaign, so that it exists once: for reminders service code : completed visits.';
comment on column outreach.message.campaign_id is 'smartengage.campaign it belongs to; null for transactional messages. No foreign key: that layer is above.';
comment on column outreach.message.expected_value is 'Poisha expected from the booking it may bring; ranks competing messages.';
comment on column outreach.message.obeys_caps is 'Frozen from the class when planned, like purpose and takes_slot: relabelling later changes no count.';
comment on column outreach.message.window_from is 'Local times of the person between which the campaign sends; null = no window of its own.';
comment on column outreach.message.exempt_reason is 'Recorded reason for going although a cap is used up; only for classes that need not obey.';
comment on column outreach.message.state is 'ghost | scheduled > claimed > sent > delivered > opened > clicked > booked | bounced | in_doubt | expired | refused | failed';
comment on column outreach.message.due_at is 'When it may next be claimed; moved on by deferral and retry.';
comment on column outreach.message.useful_until is 'Past it the message expires instead of going out.';
comment on column outreach.message.failures is 'Attempts that the provider refused for now.';

create table outreach.delivery (
  message_id uuid not null,
  attempt int not null,
  user_id uuid not null,
  channel text not null,
  purpose text not null,
  takes_slot boolean not null,
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
create unique index delivery_live_once_idx on outreach.delivery (message_id) where state <> 'released';
create index delivery_consent_idx on outreach.delivery (user_id, channel, purpose, sent_at);
comment on table outreach.delivery is 'A sending: recorded at the claim, before anything leaves. The temporal key demands a consent that covers the instant; a trigger takes the slots.';
comment on column outreach.delivery.sent_at is 'The instant of the claim; consent and caps are judged at it.';
comment on column outreach.delivery.consent_channel is 'With consent_purpose, the consent it stands on; empty only for purpose transactional.';
comment on column outreach.delivery.state is 'claimed > accepted > bounced | in_doubt (answer lost) | released (refused before acceptance: holds no slot).';
comment on column outreach.delivery.template_id is 'The message''s at the claim; the message''s own key guards it.';
comment on column outreach.delivery.body is 'The text as sent, placeholders filled, but links shown as {link} and {stop_link}: link keys are stored only hashed.';

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
  foreign key (message_id, attempt) references outreach.delivery (message_id, attempt),
  constraint slot_is_of_cap foreign key (cap, cap_version, max_messages, window_hours)
    references policy.cap (cap, version, max_messages, window_hours),
  constraint slot_within_limit check (slot_no between 1 and max_messages),
  constraint slot_frees_after_window check (frees_at = taken_at + make_interval(hours => window_hours)),
  constraint slot_is_taken_once exclude using gist (user_id with =, cap with =, cap_version with =, slot_no with =, during with &&)
);
comment on table outreach.cap_slot is 'Places under the caps: a cap of N has N places per person, each held for the cap''s window. No two holders of one place overlap, so no writer can exceed a cap.';
comment on column outreach.cap_slot.frees_at is 'Exclusive: at this very microsecond the place is free again.';

create table outreach.campaign_hold (
  campaign_id uuid primary key,
  kind text not null,
  since timestamptz not null,
  constraint hold_kind_is_known check (kind in ('paused', 'stopped'))
);
comment on table outreach.campaign_hold is 'Campaigns whose messages must not be claimed: paused ones wait, stopped ones are refused. Kept by smartengage.campaign.';

create table outreach.link (
  key_hash bytea primary key,
  message_id uuid not null references outreach.message,
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
comment on table outreach.link is 'Links in messages: a random 128-bit key, stored only as sha256, bound to one message and person.';
comment on column outreach.link.user_id is 'The message''s; so it needs no key of its own.';
comment on column outreach.link.book_until is 'Until then /l/{token} opens the pre-filled booking.';
comment on column outreach.link.stop_until is 'Until then, years later, /u/{token} withdraws the consent.';

create table outreach.message_event (
  event_id uuid primary key default uuidv7(),
  message_id uuid references outreach.message,
  kind text not null,
  happened_at timestamptz not null,
  recorded_at timestamptz not null,
  source text not null,
  source_event_id text,
  is_machine boolean not null default false,
  detail jsonb not null default '{}',
  constraint event_counts_once unique (source, source_event_id),
  constraint event_kind_is_known check (kind in ('sent', 'delivered', 'opened', 'clicked', 'booked', 'bounced', 'complained', 'useful', 'not_useful'))
);
create index message_event_message_idx on outreach.message_event (message_id, kind);
comment on table outreach.message_event is 'What happened to a message after it left, in any order and as often as it is told; the state follows the furthest.';
comment on column outreach.message_event.is_machine is 'A scanner or image proxy, not a person: kept, but it advances nothing.';

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
