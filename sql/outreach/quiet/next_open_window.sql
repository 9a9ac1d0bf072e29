create or replace function outreach.next_open_window(
  p_at timestamptz, p_zone text, p_purpose text,
  p_quiet_from time, p_quiet_until time, p_window_from time, p_window_until time)
returns tstzrange
language sql stable parallel safe
begin atomic
  select coalesce(
    -- Nearly always within two days, so the longer search is the exception. A day more, to include the end of the window.
    (
      select s
      from unnest(
        tstzmultirange(tstzrange(p_at, p_at + interval '3 days'))
        - outreach.merged_quiet_windows(
          p_at, p_at + interval '3 days', p_zone, p_purpose, p_quiet_from, p_quiet_until, p_window_from, p_window_until)) as s
      where lower(s) < p_at + interval '2 days'
      limit 1
    ),
    (
      select s
      from unnest(
        tstzmultirange(tstzrange(p_at, p_at + interval '15 days'))
        - outreach.merged_quiet_windows(
          p_at, p_at + interval '15 days', p_zone, p_purpose, p_quiet_from, p_quiet_until, p_window_from, p_window_until)) as s
      limit 1
    ));
end;

comment on function outreach.next_open_window(timestamptz, text, text, time, time, time, time) is
$$The first range at or after p_at in which sending is allowed (the complement of outreach.merged_quiet_windows).
It begins at p_at if sending is allowed then, and ends where the next quiet range begins, or a day or more later.
Result: null if there is none within 15 days. Not for purpose transactional, which is never deferred.$$;
