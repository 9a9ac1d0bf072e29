create or replace function outreach.link_by_key(p_token text)
returns outreach.link
language plpgsql stable parallel safe
set search_path = ''
as $$
declare
  v_link outreach.link;
begin
  select l.* into v_link from outreach.link l where l.token_hash = outreach.link_key_hash(p_token);
  if not found then
    raise exception 'There is no such link' using errcode = 'SH404';
  end if;
  return v_link;
end;
$$;

comment on function outreach.link_by_key(text) is
$$The link that a token stands for. Errors: SH404 for every token that is not one, without saying why.$$;
