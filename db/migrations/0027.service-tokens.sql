-- depends: 0014.receipts

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
comment on table account.program_token is 'Credentials of our own programs that call /internal. A program may have several valid tokens, so that one can replace another.';
comment on column account.program_token.program is 'The program that the token is for; policy.audit names it as actor.';
comment on column account.program_token.token_hash is 'SHA-256 of the token, which is 256 random bits and known to the program only.';

insert into policy.rule_definition (rule, value_type, unit, minimum, maximum, loosens, meaning)
values ('service.token_for', 'number', 'days', 1, 3650, 'up', 'How long a token of a service is valid.');
insert into policy.rule (rule, version, value, valid_at, author, reason)
values ('service.token_for', 1, '365', tstzrange(null, null), 'default', 'How long a token of a service is valid.');
