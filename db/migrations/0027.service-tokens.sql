-- depends: 0014.receipts

create table account.service_token (
  token_id uuid primary key default uuidv7(),
  service text not null,
  token_hash bytea not null,
  made_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  constraint service_token_is_unique unique (token_hash),
  constraint service_token_hash_is_sha256 check (octet_length(token_hash) = 32),
  constraint service_token_service_is_a_word check (service ~ '^[a-z][a-z0-9_-]{0,39}$'),
  constraint service_token_expires_after_made check (expires_at > made_at)
);
create index service_token_service_idx on account.service_token (service, made_at);
comment on table account.service_token is 'Credentials of our own programs that call /internal. Several of one service may be valid while one takes the place of another.';
comment on column account.service_token.service is 'Which program it was made for: the name under which its calls stand in the audit log.';
comment on column account.service_token.token_hash is 'sha256 of the token, which is 256 random bits and known to nobody but the service.';

insert into policy.rule_kind (rule, value_type, unit, minimum, maximum, loosens, meaning)
values ('service.token_for', 'number', 'days', 1, 3650, 'up', 'How long a token of a service is valid.');
insert into policy.rule (rule, version, value, valid_at, author, reason)
values ('service.token_for', 1, '365', tstzrange(null, null), 'default', 'How long a token of a service is valid.');
