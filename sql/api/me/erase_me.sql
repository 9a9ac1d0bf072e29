create or replace function api.erase_me(p_actor uuid)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = ''
as $$
declare
  v_person account.person := account.authenticate(p_actor, null, clock.now());
begin
  if v_person.role = 'admin' then
    raise exception 'An admin is removed by another admin' using errcode = 'SH409';
  end if;
  perform outreach.erase_person(v_person.user_id, clock.now());
  return jsonb_build_object('user_id', v_person.user_id, 'erased_at', clock.now());
end;
$$;

comment on function api.erase_me(uuid) is
$$Erases the caller's identity everywhere.
Name, addresses, texts, devices and credentials are gone at once; open bookings are cancelled, every consent ends, all sessions end. What stays (bookings, ratings, proof of consents and of what was sent) stands under an id that belongs to nobody. It cannot be taken back.
Errors: SH401 the session has ended; SH403 another role; SH409 a worker has a job under way, or the caller is an admin.$$;
