create or replace function account.prune_expired(p_at timestamptz)
returns int
language sql volatile parallel unsafe
begin atomic
  with calls as (
    delete from edge.idempotent_call c where c.called_at < p_at - interval '24 hours' returning 1
  ),
  -- A bucket that nobody drew from for a day is full: the same as none.
  buckets as (
    delete from edge.rate_allowance b where b.refilled_at < p_at - interval '1 day' returning 1
  ),
  codes as (
    delete from account.one_time_code c where c.requested_at < p_at - interval '7 days' returning 1
  ),
  -- Nobody can send an expired code any more, so nobody needs to open it.
  shut as (
    update account.one_time_code c
    set sealed = null
    where c.sealed is not null and c.expires_at <= p_at and c.requested_at >= p_at - interval '7 days'
    returning 1
  ),
  -- An app that nobody opened for so long is signed out, and its device is nobody's.
  devices as (
    delete from account.contact c
    using account.session s
    where s.session_id = c.session_id
      and s.expires_at <= p_at
    returning 1
  )
  select (select count(*) from calls)::int + (select count(*) from buckets)::int
       + (select count(*) from codes)::int + (select count(*) from shut)::int
       + (select count(*) from devices)::int;
end;

comment on function account.prune_expired(timestamptz) is
$$Forgets what is of no more use: stored answers after 24 hours, full rate buckets, one-time codes after 7 days, the sealed part of those that expired, devices whose sign-in did.
Result: how many rows. Repeatable.$$;
