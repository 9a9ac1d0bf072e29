create or replace function api.stop(p_token text)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_link outreach.link := outreach.link_by_key(p_token);
begin
  if v_link.stop_until < clock.now() then
    raise exception 'The link has expired' using errcode = 'SH410';
  end if;
  perform account.withdraw_consent(v_link.user_id, v_link.channel, v_link.purpose, clock.now(), 'link', v_link.user_id::text);
  return (
    select jsonb_build_object('language', p.language, 'channel', v_link.channel, 'purpose', v_link.purpose, 'withdrawn', true)
    from account.person p
    where p.user_id = v_link.user_id);
end;
$$;

comment on function api.stop(text) is
$$Withdraws the consent under which a message was sent (one-click, RFC 8058).
Needs no sign-in. The body is not read: any body of any type withdraws. Repeatable as long as the link is valid, for years.
Codes and receipts are still sent.
Errors: SH404 no such link; SH410 the link has expired.$$;
