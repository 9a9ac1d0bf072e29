create or replace function account.live_session_person(p_session_id uuid, p_at timestamptz)
returns setof account.person
language sql stable parallel safe rows 1
begin atomic
  select p.*
  from account.session s
  join account.person p on p.user_id = s.user_id
  where s.session_id = p_session_id
    and s.revoked_at is null
    and s.expires_at > p_at
    and p.disabled_at is null
    and p.erased_at is null;
end;

comment on function account.live_session_person(uuid, timestamptz) is
$$The person of a session that is neither expired nor revoked; no row otherwise, or if the person is disabled or erased.$$;
