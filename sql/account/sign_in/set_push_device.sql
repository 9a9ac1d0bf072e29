create or replace function account.set_push_device(p_user_id uuid, p_session_id uuid, p_device_token text, p_at timestamptz)
returns void
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
begin
  if p_device_token is null then
    delete from account.contact c where c.user_id = p_user_id and c.channel = 'push';
    return;
  end if;
  -- Serializes two people who register one device at the same time.
  perform pg_advisory_xact_lock(hashtextextended('device ' || p_device_token, 0));

  delete from account.contact c
  where c.channel = 'push'
    and c.address = p_device_token
    and c.user_id <> p_user_id;

  insert into account.contact (user_id, channel, address, verified_at, session_id)
  values (p_user_id, 'push', p_device_token, p_at, p_session_id)
  on conflict (user_id, channel) do update
  set address = excluded.address,
      session_id = excluded.session_id,
      verified_at = excluded.verified_at,
      suppressed_at = null,
      suppressed_reason = null
  where contact.address <> excluded.address
     or contact.session_id is distinct from excluded.session_id
     -- A registration by the app proves that the device is reachable again.
     or contact.suppressed_reason = 'refused';
end;
$$;

comment on function account.set_push_device(uuid, uuid, text, timestamptz) is
$$Sets the device that receives push messages of a person, that of this session; null = none.
The device is removed from its former owner. A new device or session lifts a suppression, the same one only if refused.
The caller holds the person's lock. Idempotent.$$;
