create or replace function policy.change_cap(
  p_cap text, p_max_messages int, p_window_hours int, p_author text, p_reason text, p_from timestamptz)
returns int
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
begin
  if not exists (select from policy.cap c where c.cap = p_cap and c.valid_at @> p_from) then
    raise exception 'There is no such cap in force' using errcode = 'SH404', detail = p_cap;
  end if;
  return policy.set_cap(
    p_cap, jsonb_build_object('max_messages', p_max_messages, 'window_hours', p_window_hours), p_author, p_reason, p_from);
end;
$$;

comment on function policy.change_cap(text, int, int, text, text, timestamptz) is
$$Sets an existing frequency cap from an instant on; for use in psql.
The cap allows p_max_messages (0 = none, null = no limit) in any p_window_hours. It binds every claim at or after p_from.
Result: the new version. Errors: SH404 no such cap in force; SH409 a later version exists.$$;
