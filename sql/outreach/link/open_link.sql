create or replace function outreach.open_link(p_token text)
returns outreach.link
language plpgsql stable parallel safe
set search_path = ''
as $$
declare
  v_link outreach.link;
begin
  select l.* into v_link from outreach.link l where l.token_hash = outreach.token_hash(p_token);
  if not found then
    raise exception 'There is no such link' using errcode = 'SH404';
  end if;
  return v_link;
end;
$$;

comment on function outreach.open_link(text) is
$$The link that a token stands for. Errors: SH404 for every token that is not one, without saying why.$$;
