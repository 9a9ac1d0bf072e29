create or replace function policy.change_cap(
  p_cap text, p_max_messages int, p_window_hours int, p_author text, p_reason text, p_from timestamptz)
returns int
language plpgsql volatile parallel unsafe
set search_path = ''
as $$
declare
  v_old policy.cap;
begin
  -- One change at a time per cap: wait first, read in a later statement, which sees what was waited for.
  perform 1 from policy.cap c where c.cap = p_cap order by c.version for update;
  select c.* into v_old from policy.cap c where c.cap = p_cap and c.valid_at @> p_from;
  if not found then
    raise exception 'There is no such cap in force' using errcode = 'SH404', detail = p_cap;
  end if;
  if upper(v_old.valid_at) is not null or lower(v_old.valid_at) >= p_from then
    raise exception 'A later version of the cap is already set' using errcode = 'SH409', detail = p_cap;
  end if;
  update policy.cap c
  set valid_at = tstzrange(lower(c.valid_at), p_from)
  where c.cap = p_cap
    and c.version = v_old.version;
  insert into policy.cap (cap, version, purpose, channel, max_messages, window_hours, valid_at, author, reason)
  values (p_cap, v_old.version + 1, v_old.purpose, v_old.channel, p_max_messages, p_window_hours,
          tstzrange(p_from, null), p_author, p_reason);
  return v_old.version + 1;
end;
$$;

comment on function policy.change_cap(text, int, int, text, text, timestamptz) is
$$Sets a frequency cap from an instant on: at most p_max_messages (0 = never, null = no limit) in any p_window_hours.
Result: the new version. Binds the first claim at or after p_from. Errors: SH404 no such cap, SH409 a later version exists.$$;
