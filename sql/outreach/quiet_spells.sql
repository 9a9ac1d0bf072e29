create or replace function outreach.quiet_spells(
  p_from timestamptz, p_until timestamptz, p_zone text, p_purpose text,
  p_own_from time, p_own_until time, p_window_from time, p_window_until time)
returns table (name text, spell tstzrange)
language sql stable parallel safe
begin atomic
  with local_day as (
    -- From the day before: what begins there may last into the first day.
    select d::date as day
    from generate_series(
      (p_from at time zone p_zone)::date - 1,
      (p_until at time zone p_zone)::date,
      interval '1 day') as d
  ),
  span (name, from_time, until_time, isodow, during) as (
    select q.name, q.from_time, q.until_time, q.isodow, q.during
    from policy.quiet_period q
    where coalesce(q.purpose, p_purpose) = p_purpose
      and q.during && tstzrange(p_from, p_until)
    union all
    select 'own', p_own_from, p_own_until, null, tstzrange(null, null)
    where p_own_from is not null
    union all
    -- Outside the campaign's window is quiet for it.
    select 'window', p_window_until, p_window_from, null, tstzrange(null, null)
    where p_window_from is not null
  )
  select s.name, s.during
  from span s
  where s.from_time is null
  union all
  -- greatest(): where clocks jump, an end may fall before its beginning; such a spell is empty.
  select s.name, s.during * tstzrange(b.begins, greatest(b.begins, b.ends))
  from span s
  cross join local_day l
  -- A local time that happens twice is read as the second; with yesterday's offset it is the first.
  cross join lateral (
    select
      l.day + s.from_time as wall,
      (l.day + s.from_time) at time zone p_zone as second,
      (l.day - 1 + s.from_time) at time zone p_zone + interval '24 hours' as first
  ) w
  cross join lateral (
    select
      case
        -- One that never happens is read as later than the jump: quiet begins before it.
        when w.second at time zone p_zone <> w.wall then w.second - (w.second at time zone p_zone - w.wall)
        when w.first at time zone p_zone = w.wall then least(w.first, w.second)
        else w.second
      end as begins,
      (l.day + (s.until_time <= s.from_time)::int + s.until_time) at time zone p_zone as ends
  ) b
  where s.from_time is not null
    and (s.isodow is null or s.isodow = extract(isodow from l.day));
end;

comment on function outreach.quiet_spells(timestamptz, timestamptz, text, text, time, time, time, time) is
$$Every spell between two instants in which nothing may be sent, in a zone and for a purpose, a row each: quiet periods of policy by their name, the person's own quiet hours (own; null = none), and outside the campaign's window (window; null = none).
Parts before p_from or after p_until may be included; a spell may be empty. Local times are resolved day by day, so days with 23 or 25 hours are right; where clocks jump, quiet begins with the earlier and ends with the later reading.$$;
