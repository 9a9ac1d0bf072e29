create or replace function account.prune_expired(p_at timestamptz)
returns int
language sql volatile parallel unsafe
begin atomic
  with codes as (
    delete from account.one_time_code c where c.requested_at < p_at - interval '7 days' returning 1
  ),
  -- The sealed part is for sending; an expired code is not sent.
  sealed_parts as (
    update account.one_time_code c
    set sealed = null
    where c.sealed is not null
      and c.expires_at <= p_at
      and c.requested_at >= p_at - interval '7 days'
    returning 1
  ),
  -- An expired session is signed out: delete the push address of its device.
  devices as (
    delete from account.contact c
    using account.session s
    where s.session_id = c.session_id
      and s.expires_at <= p_at
    returning 1
  )
  select (select count(*) from codes)::int + (select count(*) from sealed_parts)::int + (select count(*) from devices)::int;
end;

comment on function account.prune_expired(timestamptz) is
$$Deletes one-time codes after 7 days, the sealed part of expired ones, and push addresses of devices with an expired session.
Result: number of rows. Idempotent.$$;
