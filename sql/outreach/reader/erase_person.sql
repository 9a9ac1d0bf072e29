create or replace function outreach.erase_person(p_user_id uuid, p_at timestamptz)
returns void
language plpgsql volatile parallel unsafe
set search_path = ''
as $$
begin
  perform account.lock_person(p_user_id);
  -- From the top layer down: each reads what it needs of those below before they forget it.
  perform outreach.erase_personal_data(p_user_id, p_at);
  perform market.erase_personal_data(p_user_id, p_at);
  perform account.erase_personal_data(p_user_id, p_at);
end;
$$;

comment on function outreach.erase_person(uuid, timestamptz) is
$$Takes a person's identity out of every layer. What smartengage concluded of them stands under an id that belongs to nobody, and stays for its sums.
Errors: SH409 the person is a worker with a job under way.$$;
