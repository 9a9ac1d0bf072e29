create or replace function outreach.check_quiet_length(p_quiet_period_id uuid, p_at timestamptz)
returns void
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_longest interval := make_interval(days => policy.number('quiet.longest', p_at)::int);
  v_quiet_range tstzrange;
begin
  select s.quiet_range into v_quiet_range
  from policy.quiet_period q
  -- The range in which the period can contribute; a repetition of one without end shows within four weeks.
  cross join lateral (
    select tstzrange(
      lower(q.during) - v_longest,
      coalesce(upper(q.during), lower(q.during) + interval '28 days') + v_longest) as seen
  ) r
  cross join (select distinct c.purpose from policy.message_class c where c.purpose <> 'transactional') c
  cross join lateral unnest(outreach.merged_quiet_windows(
    lower(r.seen), upper(r.seen), policy.default_zone(), c.purpose, null, null, null, null)) as s (quiet_range)
  where q.quiet_period_id = p_quiet_period_id
    and c.purpose = coalesce(q.purpose, c.purpose)
    and s.quiet_range && q.during
    and upper(s.quiet_range * r.seen) - lower(s.quiet_range * r.seen) > v_longest
  limit 1;
  if found then
    raise exception 'Combined with the other quiet periods, it leaves no allowed time within quiet.longest' using errcode = 'SH422',
      column = 'until', detail = v_quiet_range::text, hint = 'Shorten it, or see rule quiet.longest (days).';
  end if;
end;
$$;

comment on function outreach.check_quiet_length(uuid, timestamptz) is
$$Refuses a quiet period, just added, that with others forms a quiet range longer than rule quiet.longest (days).
In the default zone. Errors: SH422 (column until).$$;
