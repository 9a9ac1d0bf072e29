create or replace function account.set_push_device(p_user_id uuid, p_session_id uuid, p_token text, p_at timestamptz)
returns void
language plpgsql volatile parallel unsafe
set search_path = ''
as $$
begin
  if p_token is null then
    delete from account.contact c where c.user_id = p_user_id and c.channel = 'push';
    return;
  end if;
  -- Two people on one device at once: one after the other.
  perform pg_advisory_xact_lock(hashtextextended('device ' || p_token, 0));

  delete from account.contact c
  where c.channel = 'push'
    and c.address = p_token
    and c.user_id <> p_user_id;

  insert into account.contact (user_id, channel, address, verified_at, session_id)
  values (p_user_id, 'push', p_token, p_at, p_session_id)
  on conflict (user_id, channel) do update
  set address = excluded.address,
      session_id = excluded.session_id,
      verified_at = excluded.verified_at,
      suppressed_at = null,
      suppressed_reason = null
  where contact.address <> excluded.address
     or contact.session_id is distinct from excluded.session_id
     -- The app itself says that it is there again.
     or contact.suppressed_reason = 'refused';
end;
$$;

comment on function account.set_push_device(uuid, uuid, text, timestamptz) is
$$Where push goes: to the device of this session from now on, whichever it was before; null = to none. Whoever had that device before has it no more.
The caller holds the person's lock. Repeatable: the same device again changes nothing, unless the provider had refused it.$$;
