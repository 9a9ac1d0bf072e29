create or replace function what_if.tried_caps(p_changes jsonb)
returns setof what_if.applied_cap
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_invalid text;
begin
  select x.key into v_invalid
  from jsonb_each(p_changes) x
  join policy.cap c on c.cap = x.key
  where jsonb_typeof(x.value) <> 'object'
     or (x.value - '{max_messages,window_hours}'::text[]) <> '{}'
     or not (x.value ?| '{max_messages,window_hours}'::text[])
     or not coalesce(x.value ->> 'max_messages', '0') ~ '^\d{1,6}$'
     or x.value ? 'window_hours' and not coalesce(x.value ->> 'window_hours', '') ~ '^\d{1,4}$'
     -- No cast before the text is known to be a number.
     or case when x.value ->> 'window_hours' ~ '^\d{1,4}$' then (x.value ->> 'window_hours')::int not between 1 and 8784 end
  limit 1;
  if found then
    raise exception 'Invalid value for a cap' using errcode = 'SH422', column = 'value', detail = v_invalid,
      hint = 'Give max_messages from 0 on, or null for no limit, and window_hours from 1 to 8784, or one of them.';
  end if;
  return query
  select
    c.cap, c.purpose, c.channel,
    -- Null is no limit; an absent key keeps the recorded value.
    case when p_changes -> c.cap ? 'max_messages' then (p_changes -> c.cap ->> 'max_messages')::int else c.max_messages end,
    make_interval(hours => coalesce((p_changes -> c.cap ->> 'window_hours')::int, c.window_hours)),
    coalesce(lower(c.valid_at), '-infinity'),
    coalesce(upper(c.valid_at), 'infinity')
  from policy.cap c
  order by c.cap, c.version;
end;
$$;

comment on function what_if.tried_caps(jsonb) is
$$Every version of every cap as recorded, with the values of p_changes (see what_if.comparison) in place of its own.
Errors: SH422 (column value) an impossible value.$$;
