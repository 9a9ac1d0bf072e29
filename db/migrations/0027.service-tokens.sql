-- depends: 0014.receipts

create table account.program_token (
  token_id uuid primary key default uuidv7(),
  service text not null,
  token_hash bytea not null,
  made_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  constraint program_token_is_unique unique (token_hash),
  constraint program_token_hash_is_sha256 check (octet_length(token_hash) = 32),
  constraint program_token_program_is_a_word check (service ~ '^[a-z][a-z0-9_-]{0,39}$'),
  constraint program_token_expires_after_creation check (expires_at > made_at)
);
create index program_token_program_idx on account.program_token (service, made_at);
comment on table account.program_token is 'Credentials of our own programs that call /internal. Several of one service may be valid while one takes the place of another.';
comment on column account.program_token.service is 'Which program it was made for: the name under which its calls stand in the audit log.';
comment on column account.program_token.token_hash is 'sha256 of the token, which is 256 random bits and known to nobody but the service.';

insert into policy.rule_definition (rule, value_type, unit, minimum, maximum, loosens, meaning)
values ('service.token_for', 'number', 'days', 1, 3650, 'up', 'How long a token of a service is valid.');
insert into policy.rule (rule, version, value, valid_at, author, reason)
values ('service.token_for', 1, '365', tstzrange(null, null), 'default', 'How long a token of a service is valid.');
