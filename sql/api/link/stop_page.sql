create or replace function api.stop_page(p_token text)
returns jsonb
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_link outreach.link := outreach.link_by_key(p_token);
begin
  if v_link.stop_until < clock.now() then
    raise exception 'The link has expired' using errcode = 'SH410';
  end if;
  return (
    select jsonb_build_object(
      'language', p.language, 'channel', v_link.channel, 'purpose', v_link.purpose,
      'active', exists (select from account.consent_at(v_link.user_id, v_link.channel, v_link.purpose, clock.now())))
    from account.person p
    where p.user_id = v_link.user_id);
end;
$$;

comment on function api.stop_page(text) is
$$What an opt-out link would stop.
Changes nothing, as mail scanners fetch every link. `active`: whether such messages are allowed now.
Errors: SH404 no such link; SH410 the link has expired.$$;
