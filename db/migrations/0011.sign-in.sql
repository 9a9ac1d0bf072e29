-- depends: 0010.words

create table account.session (
  session_id uuid primary key default uuidv7(),
  user_id uuid not null references account.person,
  created_at timestamptz not null,
  last_used_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  revoked_reason text,
  agent text,
  fresh_until timestamptz,
  constraint session_revocation_has_reason check ((revoked_at is null) = (revoked_reason is null))
);
create index session_person_idx on account.session (user_id, created_at);
comment on table account.session is 'A signed-in device. Its id is the sid of the access token and the actor of every call, so revoking it acts at once.';
comment on column account.session.fresh_until is 'Until then an admin may do sensitive acts without signing in again; null for other roles.';

create table account.refresh_token (
  token_hash bytea primary key,
  session_id uuid not null references account.session,
  parent_hash bytea references account.refresh_token,
  issued_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  constraint refresh_token_hash_is_sha256 check (octet_length(token_hash) = 32),
  constraint refresh_token_has_one_child unique (parent_hash)
);
create index refresh_token_session_idx on account.refresh_token (session_id, issued_at);
comment on table account.refresh_token is 'Single-use tokens, stored hashed, each the child of the one it replaced. The use of an old one revokes the session.';

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
    octet_length(destination_mac) = 32 and octet_length(code_mac) = 32 and octet_length(address_mac) = 32 and octet_length(block_mac) = 32),
  constraint one_time_code_tries_are_not_negative check (tries >= 0)
);
create index one_time_code_destination_idx on account.one_time_code (destination_mac, requested_at);
create index one_time_code_block_idx on account.one_time_code (block_mac, requested_at);
create index one_time_code_address_idx on account.one_time_code (address_mac, requested_at);
create index one_time_code_day_idx on account.one_time_code (requested_at);
create index one_time_code_person_idx on account.one_time_code (user_id);
comment on table account.one_time_code is 'Codes asked for. Nothing in it tells a code or a destination without the key, which is kept outside the database.';
comment on column account.one_time_code.destination_mac is 'HMAC of the normalised address or number: counts and binds without keeping it.';
comment on column account.one_time_code.block_mac is 'For phones: HMAC of the number without its last two digits, to notice runs of numbers; null for e-mail.';
comment on column account.one_time_code.address_mac is 'HMAC of the network address that asked.';
comment on column account.one_time_code.code_mac is 'HMAC of request, destination and code.';
comment on column account.one_time_code.sealed is 'Code and destination, encrypted for the worker that sends them; gone once sent or expired.';

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
comment on table account.admin_credential is 'How an admin signs in: argon2id hash, TOTP secret sealed with a key outside the database.';
comment on column account.admin_credential.totp_step is 'Newest time step used: the same or an earlier one is refused.';

create unlogged table edge.rate_allowance (
  key text primary key,
  remaining double precision not null,
  refilled_at timestamptz not null
);
comment on table edge.rate_allowance is 'Allowances of rate limits, one row per key. Unlogged: after a crash all allowances are full.';

with rules (rule, value_type, unit, minimum, maximum, loosens, value, meaning) as (values
  ('sign_in.code_valid', 'number', 'seconds', 60, 3600, 'up', '300', 'How long a one-time code is valid.'),
  ('sign_in.code_tries', 'number', 'tries', 1, 10, 'up', '5', 'Wrong tries after which a code is dead.'),
  ('sign_in.code_every', 'number', 'seconds', 10, 3600, 'down', '60', 'Least time between two codes to one destination.'),
  ('sign_in.codes_per_destination', 'number', 'codes in 10 minutes', 1, 100, 'up', '5', 'Most codes to one destination in 10 minutes.'),
  ('sign_in.codes_per_address', 'number', 'codes in 10 minutes', 1, 10000, 'up', '20', 'Most codes asked for from one network address in 10 minutes.'),
  ('sign_in.codes_per_block', 'number', 'codes in 10 minutes', 1, 100, 'up', '6', 'Most codes to unknown numbers of one hundred-number block in 10 minutes: beyond, somebody walks through numbers.'),
  ('sign_in.codes_per_day', 'number', 'codes', 1, 10000000, 'up', '5000', 'Codes a day to destinations nobody has verified; known people are always let in.'),
  ('sign_in.allow_sign_up', 'boolean', '', null, null, null, 'true', 'Whether a verified unknown destination becomes a new customer.'),
  ('session.access_for', 'number', 'seconds', 60, 3600, 'up', '900', 'How long an access token is valid.'),
  ('session.refresh_for', 'number', 'days', 1, 365, 'up', '60', 'How long a refresh token is valid.'),
  ('session.grace', 'number', 'seconds', 0, 60, 'up', '10', 'How long the direct parent of a refresh token gets the same child again (lost answer).'),
  ('session.fresh_for', 'number', 'seconds', 60, 3600, 'up', '600', 'How long after sign-in an admin may do sensitive acts.'),
  ('admin.tries', 'number', 'tries in 15 minutes', 1, 100, 'up', '10', 'Wrong admin sign-ins for one login from one network address before a wait.'),
  ('admin.tries_per_address', 'number', 'tries in 15 minutes', 1, 1000, 'up', '30', 'Wrong admin sign-ins from one network address, whatever the login, before a wait.')
), kinds as (
  insert into policy.rule_definition (rule, value_type, unit, minimum, maximum, loosens, meaning)
  select rule, value_type, unit, minimum, maximum, loosens, meaning from rules
)
insert into policy.rule (rule, version, value, valid_at, author, reason)
select rule, 1, value::jsonb, tstzrange(null, null), 'default', meaning from rules;
