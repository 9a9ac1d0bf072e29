-- depends: 0011.sign-in

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
create index idempotent_call_age_idx on edge.idempotent_call (called_at);
comment on table edge.idempotent_call is 'Answers to POSTs that came with an Idempotency-Key, kept a day. Written in the transaction of the effect: there is never one without the other.';
comment on column edge.idempotent_call.request_hash is 'sha256 of the function and its input: the same key with another request is refused.';
comment on column edge.idempotent_call.status is 'Null only within the transaction that is still at work.';

-- Who signs in is found by address; e-mail addresses are compared without regard to case.
create index contact_sign_in_idx on account.contact (channel, lower(address));
-- Old rows are taken away by age.
create index rate_allowance_age_idx on edge.rate_allowance (refilled_at);
create index session_age_idx on account.session (expires_at);
