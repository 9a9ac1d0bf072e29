create or replace function outreach.expand_local_window(
  p_from timestamptz, p_until timestamptz, p_zone text, p_from_time time, p_until_time time, p_isodow int, p_during tstzrange)
returns table (spell tstzrange)
language sql stable parallel safe
begin atomic
  select p_during
  where p_from_time is null
  union all
  -- greatest(): where clocks jump, an end may fall before its beginning; such a spell is empty.
  select p_during * tstzrange(b.begins, greatest(b.begins, b.ends))
  -- From the day before: what begins there may last into the first day.
  from generate_series(
    (p_from at time zone p_zone)::date - 1,
    (p_until at time zone p_zone)::date,
    interval '1 day') as d
  cross join lateral (select d::date as day) l
  -- A local time that happens twice is read as the second; with yesterday's offset it is the first.
  cross join lateral (
    select
      l.day + p_from_time as wall,
      (l.day + p_from_time) at time zone p_zone as second,
      (l.day - 1 + p_from_time) at time zone p_zone + interval '24 hours' as first
  ) w
  cross join lateral (
    select
      case
        -- One that never happens is read as later than the jump: quiet begins before it.
        when w.second at time zone p_zone <> w.wall then w.second - (w.second at time zone p_zone - w.wall)
        when w.first at time zone p_zone = w.wall then least(w.first, w.second)
        else w.second
      end as begins,
      (l.day + (p_until_time <= p_from_time)::int + p_until_time) at time zone p_zone as ends
  ) b
  where p_from_time is not null
    and (p_isodow is null or p_isodow = extract(isodow from l.day));
end;

comment on function outreach.expand_local_window(timestamptz, timestamptz, text, time, time, int, tstzrange) is
$$The spells of one quiet period (columns as policy.quiet_period) between two instants in a zone, a row each; without times, all of p_during.
Parts before p_from or after p_until may be included; a spell may be empty. Local times are resolved day by day, so days with 23 or 25 hours are right; where clocks jump, quiet begins with the earlier and ends with the later reading.$$;
