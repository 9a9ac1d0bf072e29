create or replace function outreach.erase_person(p_user_id uuid, p_at timestamptz)
returns void
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
begin
  perform account.lock_person(p_user_id);
  -- From the top schema down: each reads what it needs of those below before they erase it.
  perform outreach.erase_personal_data(p_user_id, p_at);
  perform market.erase_personal_data(p_user_id, p_at);
  perform account.erase_personal_data(p_user_id, p_at);
end;
$$;

comment on function outreach.erase_person(uuid, timestamptz) is
$$Erases a person's identity from every schema. Conclusions of smartengage stay for its sums, under an id without identity.
Errors: SH409 the person is a worker with a booking in progress.$$;
