create or replace function what_if.cap_versions(p_changes jsonb)
returns table (cap text, version int, purpose text, channel text, max_messages int, window_hours int, valid_from timestamptz, valid_until timestamptz)
language sql stable parallel safe
begin atomic
  select
    c.cap, c.version, c.purpose, c.channel,
    -- Given null is no limit; not given is as it was.
    case when p_changes -> c.cap ? 'max_messages' then (p_changes -> c.cap ->> 'max_messages')::int else c.max_messages end,
    coalesce((p_changes -> c.cap ->> 'window_hours')::int, c.window_hours),
    coalesce(lower(c.valid_at), '-infinity'),
    coalesce(upper(c.valid_at), 'infinity')
  from policy.cap c;
end;

comment on function what_if.cap_versions(jsonb) is
$$Every version of every cap as a replay reads it: as recorded, with the values of p_changes (see what_if.comparison) in place of its own.$$;
