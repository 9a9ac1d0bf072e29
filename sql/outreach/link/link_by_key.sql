create or replace function outreach.link_by_key(p_link_key text)
returns outreach.link
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_link outreach.link;
begin
  select l.* into v_link from outreach.link l where l.key_hash = outreach.link_key_hash(p_link_key);
  if not found then
    raise exception 'There is no such link' using errcode = 'SH404';
  end if;
  return v_link;
end;
$$;

comment on function outreach.link_by_key(text) is
$$The link of a link key. Errors: SH404 for every unknown key, without a reason.$$;
