create or replace function account.request_code(
  p_request_id uuid, p_channel text, p_destination text, p_destination_mac bytea, p_block_mac bytea, p_address_mac bytea,
  p_code_mac bytea, p_sealed bytea, p_language text, p_at timestamptz)
returns int
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_user_id uuid;
  v_language text;
  v_last timestamptz;
  v_recent int;
  v_window double precision := policy.number('sign_in.codes_within', p_at);
  v_since timestamptz := p_at - make_interval(secs => v_window);
  v_wait int;
begin
  -- One request at a time per destination and network address. Later statements count, so they see concurrent requests.
  perform pg_advisory_xact_lock(k)
  from (
    select hashtextextended(encode(m, 'hex'), 11) as k
    from unnest(array[p_destination_mac, p_address_mac]) as m
    order by 1) locks;

  select max(c.requested_at), count(*) filter (where c.requested_at > v_since)
  into v_last, v_recent
  from account.one_time_code c
  where c.destination_mac = p_destination_mac
    and c.requested_at > p_at - interval '1 day';
  v_wait := ceil(greatest(
    extract(epoch from v_last - p_at) + policy.number('sign_in.code_every', p_at),
    case when v_recent >= policy.number('sign_in.codes_per_destination', p_at) then v_window end,
    case when (
      select count(*)
      from account.one_time_code c
      where c.address_mac = p_address_mac
        and c.requested_at > v_since) >= policy.number('sign_in.codes_per_address', p_at) then v_window end,
    0));
  if v_wait > 0 then
    return v_wait;
  end if;

  select o.user_id, p.language into v_user_id, v_language
  from account.contact o
  join account.person p on p.user_id = o.user_id
  where o.channel = p_channel
    and lower(o.address) = p_destination
    and p.role <> 'admin'
    and p.disabled_at is null
    and p.erased_at is null
  order by o.verified_at nulls last, o.user_id
  limit 1;
  -- Two more limits for unknown destinations: per block of phone numbers, and per day in total.
  if v_user_id is null and (
    (select count(*)
     from account.one_time_code c
     where c.block_mac = p_block_mac
       and c.user_id is null
       and c.requested_at > v_since) >= policy.number('sign_in.codes_per_block', p_at)
    or (select count(*)
        from account.one_time_code c
        where c.user_id is null
          and c.requested_at > p_at - interval '1 day') >= policy.number('sign_in.codes_per_day', p_at)) then
    -- Same answer for everybody: it must not reveal who has an account.
    return 0;
  end if;

  update account.one_time_code c
  set superseded_at = p_at, sealed = null
  where c.destination_mac = p_destination_mac
    and c.superseded_at is null
    and c.used_at is null;
  insert into account.one_time_code
    (request_id, channel, user_id, destination_mac, block_mac, address_mac, code_mac, sealed, language, requested_at, expires_at)
  values (
    p_request_id, p_channel, v_user_id, p_destination_mac, p_block_mac, p_address_mac, p_code_mac, p_sealed,
    coalesce(p_language, v_language, 'bn'),
    p_at, p_at + make_interval(secs => policy.number('sign_in.code_valid', p_at)));
  perform queue.enqueue('send_code', jsonb_build_object('request_id', p_request_id), p_at, 100);
  return 0;
end;
$$;

comment on function account.request_code(uuid, text, text, bytea, bytea, bytea, bytea, bytea, text, timestamptz) is
$$Stores a one-time code, enqueues its delivery with top priority, and invalidates earlier codes to the destination.
p_destination: in lower case; finds the person and is not stored. p_language: null = that of the person, or Bengali.
The MACs are made with a key outside the database.
Result: 0, or seconds until the next request is allowed (limits per destination and per network address, the same for all).
Unknown destinations have two more limits; beyond them the result is 0 as well, and no code is sent.$$;
