create or replace function outreach.check_quiet_length(p_quiet_period_id uuid, p_at timestamptz)
returns void
language plpgsql stable parallel safe
set search_path = ''
as $$
declare
  v_longest interval := make_interval(days => policy.number('quiet.longest', p_at)::int);
  v_spell tstzrange;
begin
  select s.spell into v_spell
  from policy.quiet_period q
  -- As far as it can make a spell too long: of one without end, what repeats shows within some weeks.
  cross join lateral (
    select tstzrange(
      lower(q.during) - v_longest,
      coalesce(upper(q.during), lower(q.during) + interval '28 days') + v_longest) as seen
  ) r
  cross join (select distinct c.purpose from policy.message_class c where c.purpose <> 'transactional') c
  cross join lateral unnest(outreach.merged_quiet_windows(
    lower(r.seen), upper(r.seen), policy.default_zone(), c.purpose, null, null, null, null)) as s (spell)
  where q.quiet_period_id = p_quiet_period_id
    and c.purpose = coalesce(q.purpose, c.purpose)
    and s.spell && q.during
    and upper(s.spell * r.seen) - lower(s.spell * r.seen) > v_longest
  limit 1;
  if found then
    raise exception 'Together with others it leaves no time to send for too long' using errcode = 'SH422', column = 'until',
      detail = v_spell::text, hint = 'Rule quiet.longest.';
  end if;
end;
$$;

comment on function outreach.check_quiet_length(uuid, timestamptz) is
$$Refuses a quiet period, just added, that joins with others to a stretch without any allowed instant longer than quiet.longest (in the default zone).
Errors: SH422 (column until).$$;
