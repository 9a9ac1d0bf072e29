create or replace function outreach.expand_local_window(
  p_from timestamptz, p_until timestamptz, p_zone text, p_from_time time, p_until_time time, p_isodow int, p_during tstzrange)
returns table (quiet_range tstzrange)
language sql stable parallel safe
begin atomic
  select p_during
  where p_from_time is null
  union all
  -- greatest(): where clocks change, an end may precede its start; such a range is empty.
  select p_during * tstzrange(b.begins, greatest(b.begins, b.ends))
  -- From the day before: a range that begins there may last into the first day.
  from generate_series(
    (p_from at time zone p_zone)::date - 1,
    (p_until at time zone p_zone)::date,
    interval '1 day') as d
  cross join lateral (select d::date as day) l
  -- A local time that occurs twice is resolved to the second; with the offset of the day before, to the first.
  cross join lateral (
    select
      l.day + p_from_time as wall,
      (l.day + p_from_time) at time zone p_zone as second,
      (l.day - 1 + p_from_time) at time zone p_zone + interval '24 hours' as first
  ) w
  cross join lateral (
    select
      case
        -- A local time that never occurs is resolved to after the change; the range begins before it.
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
$$The quiet ranges of one quiet period (columns as in policy.quiet_period) between two instants in a zone, one row per local day.
Without times, the whole of p_during. Parts before p_from or after p_until may be included, and a range may be empty.
Local times are resolved day by day, so that days of 23 or 25 hours are right: quiet begins with the earlier and ends with the later
reading of an ambiguous time.$$;
