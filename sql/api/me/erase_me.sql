create or replace function api.erase_me(p_actor uuid)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_person account.person := account.authenticate(p_actor, null, clock.now());
begin
  if v_person.role = 'admin' then
    raise exception 'Admins cannot erase themselves' using errcode = 'SH409';
  end if;
  perform outreach.erase_person(v_person.user_id, clock.now());
  return jsonb_build_object('user_id', v_person.user_id, 'erased_at', clock.now());
end;
$$;

comment on function api.erase_me(uuid) is
$$Erases the caller's identity everywhere, irreversibly.
Name, addresses, texts, devices and credentials are deleted at once; open bookings are cancelled, all consents and sessions end.
Bookings, ratings, and proofs of consents and of sent messages stay, under an id that belongs to nobody.
Errors: SH401 the session has ended; SH403 another role; SH409 a worker has a job in progress, or the caller is an admin.$$;
