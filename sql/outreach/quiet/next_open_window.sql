create or replace function outreach.next_open_window(
  p_at timestamptz, p_zone text, p_purpose text,
  p_own_from time, p_own_until time, p_window_from time, p_window_until time)
returns tstzrange
language sql stable parallel safe
begin atomic
  select coalesce(
    -- Nearly always within two days; only then is the longer look worth its price. A day more, so that it is seen whole.
    (
      select s
      from unnest(
        tstzmultirange(tstzrange(p_at, p_at + interval '3 days'))
        - outreach.merged_quiet_windows(p_at, p_at + interval '3 days', p_zone, p_purpose,
                               p_own_from, p_own_until, p_window_from, p_window_until)) as s
      where lower(s) < p_at + interval '2 days'
      limit 1
    ),
    (
      select s
      from unnest(
        tstzmultirange(tstzrange(p_at, p_at + interval '15 days'))
        - outreach.merged_quiet_windows(p_at, p_at + interval '15 days', p_zone, p_purpose,
                               p_own_from, p_own_until, p_window_from, p_window_until)) as s
      limit 1
    ));
end;

comment on function outreach.next_open_window(timestamptz, text, text, time, time, time, time) is
$$The first stretch at or after p_at that is not quiet (outreach.merged_quiet_windows), from p_at on if that is not; its end is the next quiet time's begin, or a day or more later. Null if there is none within 15 days.
Purpose transactional is never held: do not ask for it.$$;
