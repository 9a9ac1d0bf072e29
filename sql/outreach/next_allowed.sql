create or replace function outreach.next_allowed(
  p_at timestamptz, p_zone text, p_purpose text,
  p_own_from time, p_own_until time, p_window_from time, p_window_until time)
returns timestamptz
language sql stable parallel safe
begin atomic
  select coalesce(
    -- Nearly always within two days; only then is the longer look worth its price.
    lower(tstzmultirange(tstzrange(p_at, p_at + interval '2 days'))
          - outreach.quiet_times(p_at, p_at + interval '2 days', p_zone, p_purpose,
                                 p_own_from, p_own_until, p_window_from, p_window_until)),
    lower(tstzmultirange(tstzrange(p_at, p_at + interval '15 days'))
          - outreach.quiet_times(p_at, p_at + interval '15 days', p_zone, p_purpose,
                                 p_own_from, p_own_until, p_window_from, p_window_until)),
    'infinity');
end;

comment on function outreach.next_allowed(timestamptz, text, text, time, time, time, time) is
$$The first instant at or after p_at that is not quiet (outreach.quiet_times); infinity if there is none within 15 days.
Purpose service is never held: do not ask for it.$$;
