-- depends: 0003.policy

create table account.person (
  user_id uuid primary key default uuidv7(),
  external_id text,
  role text not null,
  full_name text,
  language text not null default 'bn',
  address_form text not null default 'none',
  greeting text not null default 'shubheccha',
  time_zone text,
  quiet_from time,
  quiet_until time,
  preferred_channel text,
  created_at timestamptz not null,
  disabled_at timestamptz,
  erased_at timestamptz,
  constraint person_external_id_is_unique unique (external_id),
  constraint person_role_is_known check (role in ('customer', 'worker', 'admin')),
  constraint person_language_is_known check (language in ('bn', 'en')),
  constraint person_address_form_is_known check (address_form in ('none', 'bhai', 'apa', 'dada', 'didi')),
  constraint person_greeting_is_known check (greeting in ('shubheccha', 'assalamu_alaikum', 'nomoskar')),
  constraint person_quiet_hours_are_both_or_none check ((quiet_from is null) = (quiet_until is null)),
  constraint person_quiet_hours_differ check (quiet_from <> quiet_until),
  constraint person_name_is_normalized check (full_name is nfc normalized),
  constraint person_channel_is_known check (preferred_channel in ('email', 'sms', 'whatsapp', 'push', 'in_app'))
);
create index person_role_idx on account.person (role, user_id);
comment on table account.person is 'Everyone who signs in or is written to: customers, workers, admins.';
comment on column account.person.external_id is 'The person''s id in the marketplace the data came from.';
comment on column account.person.address_form is 'Kin word the person chose after their name (ভাই, আপা, দাদা, দিদি), or none.';
comment on column account.person.greeting is 'Greeting the person chose.';
comment on column account.person.time_zone is 'IANA name as given; null or unknown to the server = the default zone (account.person_zone resolves).';
comment on column account.person.quiet_from is 'Own quiet hours, local time; they add to the general ones.';
comment on column account.person.disabled_at is 'From then on nothing is sent and nobody signs in.';
comment on column account.person.erased_at is 'Identity was erased on request; the row stays as proof that it happened.';

create table account.contact (
  user_id uuid not null references account.person,
  channel text not null,
  address text not null,
  verified_at timestamptz,
  suppressed_at timestamptz,
  suppressed_reason text,
  primary key (user_id, channel),
  constraint contact_channel_has_address check (channel in ('email', 'sms', 'whatsapp', 'push')),
  constraint contact_email_has_at check (channel <> 'email' or address ~ '^[^@[:space:]]+@[^@[:space:]]+$'),
  constraint contact_phone_is_bangladeshi_mobile check (channel not in ('sms', 'whatsapp') or address ~ '^\+8801[3-9][0-9]{8}$'),
  constraint contact_suppression_has_reason check ((suppressed_at is null) = (suppressed_reason is null))
);
comment on table account.contact is 'Where a person is reached on each channel; in_app needs no address.';
comment on column account.contact.suppressed_at is 'Since then nothing goes there: hard bounce, complaint, five soft bounces, or by hand.';

create table account.consent (
  user_id uuid not null references account.person,
  channel text not null,
  purpose text not null,
  valid_at tstzrange not null,
  source text not null,
  wording_version text not null,
  actor text not null,
  withdrawn_source text,
  withdrawn_actor text,
  primary key (user_id, channel, purpose, valid_at without overlaps),
  constraint consent_channel_is_known check (channel in ('email', 'sms', 'whatsapp', 'push', 'in_app')),
  constraint consent_purpose_is_known check (purpose in ('outreach', 'coaching', 'voice')),
  constraint consent_begins check (not lower_inf(valid_at)),
  constraint consent_is_half_open check (lower_inc(valid_at) and not upper_inc(valid_at)),
  constraint consent_withdrawal_is_told check (upper_inf(valid_at) = (withdrawn_source is null))
);
comment on table account.consent is 'Opt-ins as temporal rows: a row per grant, valid from the grant to its withdrawal. Purpose transactional needs no consent and has none.';
comment on column account.consent.valid_at is 'From the grant (inclusive) to the withdrawal (exclusive); open = in force.';
comment on column account.consent.wording_version is 'Which text the person agreed to.';
