create or replace function what_if.deferred_until(
  p_quiet tstzmultirange, p_message_id uuid, p_at timestamptz, p_useful_until timestamptz, p_spread interval, p_margin interval)
returns timestamptz
language sql stable parallel safe
begin atomic
  select coalesce(
    outreach.deferred_until(
      p_message_id, tstzrange(upper(q), (select min(lower(n)) from unnest(p_quiet) n where lower(n) > upper(q))), p_useful_until,
      p_spread, p_margin),
    'infinity')
  from unnest(p_quiet) q
  where q @> p_at;
end;

comment on function what_if.deferred_until(tstzmultirange, uuid, timestamptz, timestamptz, interval, interval) is
$$When a message that meets a quiet time at an instant goes after it (outreach.deferred_until); null = that instant is not quiet.$$;
