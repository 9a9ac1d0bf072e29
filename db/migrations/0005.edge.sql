-- depends: 0004.policy

create unlogged table edge.rate_allowance (
  key text primary key,
  remaining double precision not null,
  refilled_at timestamptz not null
);
-- Old rows are deleted by age.
create index rate_allowance_age_idx on edge.rate_allowance (refilled_at);
comment on table edge.rate_allowance is
  'Allowances of rate limits, one row per key. Unlogged: after a crash all allowances are full.';

create table edge.idempotent_call (
  user_id uuid not null,
  key text not null,
  request_hash bytea not null,
  status int,
  body text,
  called_at timestamptz not null,
  primary key (user_id, key),
  constraint idempotent_call_key_is_short check (length(key) between 1 and 255),
  constraint idempotent_call_hash_is_sha256 check (octet_length(request_hash) = 32)
);
-- Old rows are deleted by age.
create index idempotent_call_age_idx on edge.idempotent_call (called_at);
comment on table edge.idempotent_call is
  'Answers to POSTs that came with an Idempotency-Key, kept a day. Written in the transaction of the effect: there is never one '
  'without the other.';
comment on column edge.idempotent_call.request_hash is
  'sha256 of the function and its input: the same key with another request is refused.';
comment on column edge.idempotent_call.status is 'Null only within the transaction that is still at work.';
