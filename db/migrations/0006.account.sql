-- depends: 0005.edge

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
comment on column account.person.time_zone is
  'IANA name as given; null or unknown to the server = the default zone (account.person_zone resolves).';
comment on column account.person.quiet_from is 'Own quiet hours, local time; they add to the general ones.';
comment on column account.person.disabled_at is 'From then on nothing is sent and nobody signs in.';
comment on column account.person.erased_at is 'Identity was erased on request; the row stays as proof that it happened.';

create table account.session (
  session_id uuid primary key default uuidv7(),
  user_id uuid not null references account.person,
  agent text,
  created_at timestamptz not null,
  last_used_at timestamptz not null,
  fresh_until timestamptz,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  revoked_reason text,
  constraint session_revocation_has_reason check ((revoked_at is null) = (revoked_reason is null))
);
create index session_person_idx on account.session (user_id, created_at);
-- Old rows are deleted by age.
create index session_age_idx on account.session (expires_at);
comment on table account.session is
  'A signed-in device. Its id is the sid of the access token and the actor of every call, so revoking it acts at once.';
comment on column account.session.fresh_until is
  'Until then an admin may do sensitive acts without signing in again; null for other roles.';

create table account.refresh_token (
  token_hash bytea primary key,
  session_id uuid not null references account.session,
  parent_hash bytea references account.refresh_token,
  issued_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  constraint refresh_token_has_one_child unique (parent_hash),
  constraint refresh_token_hash_is_sha256 check (octet_length(token_hash) = 32)
);
create index refresh_token_session_idx on account.refresh_token (session_id, issued_at);
comment on table account.refresh_token is
  'Single-use tokens, stored hashed, each the child of the one it replaced. The use of an old one revokes the session.';

create table account.one_time_code (
  request_id uuid primary key,
  channel text not null,
  user_id uuid references account.person,
  destination_mac bytea not null,
  block_mac bytea,
  address_mac bytea not null,
  code_mac bytea not null,
  sealed bytea,
  language text not null,
  requested_at timestamptz not null,
  expires_at timestamptz not null,
  tries int not null default 0,
  used_at timestamptz,
  superseded_at timestamptz,
  sent_at timestamptz,
  outcome text,
  constraint one_time_code_channel_is_known check (channel in ('email', 'sms')),
  constraint one_time_code_language_is_known check (language in ('bn', 'en')),
  constraint one_time_code_macs_are_sha256 check (
    octet_length(destination_mac) = 32 and octet_length(code_mac) = 32 and octet_length(address_mac) = 32
    and octet_length(block_mac) = 32),
  constraint one_time_code_tries_are_not_negative check (tries >= 0)
);
create index one_time_code_destination_idx on account.one_time_code (destination_mac, requested_at);
create index one_time_code_block_idx on account.one_time_code (block_mac, requested_at);
create index one_time_code_address_idx on account.one_time_code (address_mac, requested_at);
create index one_time_code_day_idx on account.one_time_code (requested_at);
create index one_time_code_person_idx on account.one_time_code (user_id);
comment on table account.one_time_code is
  'Codes asked for. Nothing in it tells a code or a destination without the key, which is kept outside the database.';
comment on column account.one_time_code.destination_mac is
  'HMAC of the normalised address or number: counts and binds without keeping it.';
comment on column account.one_time_code.block_mac is
  'For phones: HMAC of the number without its last two digits, to notice runs of numbers; null for e-mail.';
comment on column account.one_time_code.address_mac is 'HMAC of the network address that asked.';
comment on column account.one_time_code.code_mac is 'HMAC of request, destination and code.';
comment on column account.one_time_code.sealed is
  'Code and destination, encrypted for the worker that sends them; gone once sent or expired.';

create table account.admin_credential (
  user_id uuid primary key references account.person,
  login text not null,
  password_hash text not null,
  sealed_totp bytea not null,
  totp_step bigint not null default 0,
  changed_at timestamptz not null,
  constraint admin_credential_login_is_unique unique (login),
  constraint admin_credential_password_is_argon2id check (password_hash like '$argon2id$%')
);
comment on table account.admin_credential is
  'How an admin signs in: argon2id hash, TOTP secret sealed with a key outside the database.';
comment on column account.admin_credential.totp_step is 'Newest time step used: the same or an earlier one is refused.';

create table account.program_token (
  token_id uuid primary key default uuidv7(),
  program text not null,
  token_hash bytea not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  constraint program_token_is_unique unique (token_hash),
  constraint program_token_hash_is_sha256 check (octet_length(token_hash) = 32),
  constraint program_token_program_is_a_word check (program ~ '^[a-z][a-z0-9_-]{0,39}$'),
  constraint program_token_expires_after_creation check (expires_at > created_at)
);
create index program_token_program_idx on account.program_token (program, created_at);
comment on table account.program_token is
  'Credentials of our own programs that call /internal. A program may have several valid tokens, so that one can replace another.';
comment on column account.program_token.program is 'The program that the token is for; policy.audit names it as actor.';
comment on column account.program_token.token_hash is
  'SHA-256 of the token, which is 256 random bits and known to the program only.';

create table account.contact (
  user_id uuid not null references account.person,
  channel text not null,
  address text not null,
  session_id uuid references account.session on delete cascade,
  verified_at timestamptz,
  suppressed_at timestamptz,
  suppressed_reason text,
  primary key (user_id, channel),
  constraint contact_channel_has_address check (channel in ('email', 'sms', 'whatsapp', 'push')),
  constraint contact_email_has_at check (channel <> 'email' or address ~ '^[^@[:space:]]+@[^@[:space:]]+$'),
  constraint contact_phone_is_bangladeshi_mobile check (channel not in ('sms', 'whatsapp') or address ~ '^\+8801[3-9][0-9]{8}$'),
  constraint contact_suppression_has_reason check ((suppressed_at is null) = (suppressed_reason is null)),
  constraint contact_session_is_of_push check (session_id is null or channel = 'push'),
  constraint contact_push_is_token check (channel <> 'push' or address ~ '^[!-~]+$' and length(address) <= 1024)
);
-- Sign-in finds a person by address; e-mail addresses are compared without regard to case.
create index contact_sign_in_idx on account.contact (channel, lower(address));
-- A device belongs to the last person who signed in on it: nobody reads the messages of another.
create unique index contact_push_once_idx on account.contact (address) where channel = 'push';
create index contact_session_idx on account.contact (session_id) where session_id is not null;
comment on table account.contact is 'Where a person is reached on each channel; in_app needs no address.';
comment on column account.contact.session_id is 'For push: the signed-in device that the token is of; it goes with the session.';
comment on column account.contact.suppressed_at is
  'Since then nothing goes there: hard bounce, complaint, five soft bounces, or by hand.';

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
  constraint consent_withdrawal_has_source check (upper_inf(valid_at) = (withdrawn_source is null))
);
-- Guardrails count withdrawals, which are few among the consents.
create index consent_withdrawn_idx on account.consent (upper(valid_at)) where not upper_inf(valid_at);
comment on table account.consent is
  'Opt-ins as temporal rows: a row per grant, valid from the grant to its withdrawal. Purpose transactional needs no consent and '
  'has none.';
comment on column account.consent.valid_at is 'From the grant (inclusive) to the withdrawal (exclusive); open = in force.';
comment on column account.consent.wording_version is 'Which text the person agreed to.';
