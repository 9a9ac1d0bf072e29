-- How a year is decided again.
--
-- The caps are rolling windows: whether a message may go depends on those that went before it, and those on the ones
-- before them, so a person's history can only be gone through in order. Between people nothing depends. Hence one pass
-- a person (smartengage.replay_person), reading their decisions from narrow indexes (smartengage.replay_log), never the table
-- with the texts; and only for those for whom something may differ (smartengage.replay_suspects).
--
-- The pass does not start from what was planned and guess the rest. It goes through what was decided, in the order in
-- which it was (outreach.decision_no), asking each time only what the caps, and a quiet period that is tried, would have
-- said; everything else (workers that were late, providers that refused, answers in doubt, consent, the hours that planning
-- chose) stays as it was recorded. As long as the answer is the recorded one, the replay is history. The first other answer takes that message out of history: it goes at once, or
-- waits for the exact instant at which its cap frees, or is no use any more; and for every later decision of that
-- person the windows are those of the replay. So with the unchanged policy nothing can differ unless history was not
-- decided by that policy; the replay then says so instead of hiding it.
--
-- This is replay against a log of decisions, as known from event sourcing (M. Fowler, "Retroactive Event", 2005) and from the
-- offline evaluation of policies: only what the log covers can be answered (L. Li et al., "Unbiased Offline Evaluation of
-- Contextual-bandit-based News Article Recommendation Algorithms", 2011). What it does not cover is refused by
-- smartengage.check_changes.
create or replace function smartengage.replay(
  p_from timestamptz, p_until timestamptz, p_changes jsonb, p_user_from uuid, p_user_until uuid, p_everybody boolean default false)
returns table (user_id uuid, message_id uuid, sent_at timestamptz, reason text, before_at timestamptz)
language plpgsql stable parallel safe
set search_path = ''
as $$
declare
  v_purpose text;
  v_cap text[];
  v_cap_channel text[];
  v_cap_max int[];
  v_cap_window interval[];
  v_cap_from timestamptz[];
  v_cap_until timestamptz[];
  v_since timestamptz;
  v_apart interval;
  v_after constant timestamptz := p_until + interval '32 days';
  v_users uuid[];
  v_kinds text[];
  v_quiet tstzmultirange[];
  v_tried tstzmultirange[];
  v_spread constant interval := make_interval(mins => policy.number('quiet.spread', p_until)::int);
  v_margin constant interval := make_interval(mins => policy.number('quiet.margin', p_until)::int);
  v_min_p14 constant double precision := (p_changes ->> 'reminder.min_p14')::double precision;
  v_min_visits constant int := (p_changes ->> 'reminder.min_visits')::numeric::int;
  v_global_share constant double precision := (p_changes ->> 'holdout.global_share')::double precision;
  v_takes_away constant boolean := num_nonnulls(v_min_p14, v_min_visits, v_global_share) > 0;
begin
  for v_purpose in
    -- Those that something changes for; all, if nothing is to change.
    select distinct c.purpose
    from policy.cap c
    where p_changes ? c.cap
       or p_changes = '{}'
       or v_takes_away and c.purpose = 'outreach'
       or p_changes ? 'quiet_period' and coalesce(p_changes -> 'quiet_period' ->> 'purpose', c.purpose) = c.purpose
    order by c.purpose
  loop
    select
      array_agg(c.cap order by c.cap, c.version), array_agg(c.channel order by c.cap, c.version),
      array_agg(c.max_messages order by c.cap, c.version),
      array_agg(make_interval(hours => c.window_hours) order by c.cap, c.version),
      array_agg(c.valid_from order by c.cap, c.version), array_agg(c.valid_until order by c.cap, c.version),
      p_from - make_interval(hours => max(c.window_hours)),
      case when min(c.max_messages) > 0 then make_interval(hours => max(c.window_hours)) end
    into v_cap, v_cap_channel, v_cap_max, v_cap_window, v_cap_from, v_cap_until, v_since, v_apart
    from smartengage.replay_caps(p_changes) c
    where c.purpose = v_purpose
      and tstzrange(c.valid_from, c.valid_until) && tstzrange(p_from, v_after);

    if p_everybody then
      v_users := array(
        select p.user_id from account.person p where p.user_id >= p_user_from and p.user_id < p_user_until order by p.user_id);
    else
      v_users := array(
        select s.user_id
        from smartengage.replay_suspects(p_user_from, p_user_until, v_purpose, v_since, p_from, p_until, p_changes) s
        order by s.user_id);
    end if;
    select k.kinds, k.quiet, k.tried into v_kinds, v_quiet, v_tried
    from smartengage.replay_quiet(v_users, v_purpose, p_from, v_after, p_changes) k;

    return query
    select p.user_id, f.message_id, f.sent_at, f.reason, f.before_at
    from unnest(v_users) as u (user_id)
    join account.person p on p.user_id = u.user_id
    join account.person_zone z on z.user_id = p.user_id
    cross join lateral (select array_position(v_kinds, concat_ws('/', z.zone, p.quiet_from, p.quiet_until)) as place) k
    -- Whether a plan of theirs was capped: only then does it matter what waited, be it longer than the period.
    cross join lateral (
      select exists (
        select
        from smartengage.candidate c
        where c.user_id = p.user_id
          and c.reason = 'capped'
          and c.wanted_at is not null) as at_planning
      offset 0
    ) capped
    cross join lateral (
      select
        array_agg(e.kind order by e.no, e.at) as kind, array_agg(e.at order by e.no, e.at) as at,
        array_agg(e.id order by e.no, e.at) as id, array_agg(e.channel order by e.no, e.at) as channel,
        array_agg(e.useful_until order by e.no, e.at) as useful, array_agg(e.until order by e.no, e.at) as until,
        array_agg(e.due_at order by e.no, e.at) as due, array_agg(e.run_id order by e.no, e.at) as run_id,
        array_agg(e.no order by e.no, e.at) as no, array_agg(e.release_no order by e.no, e.at) as release_no
      from smartengage.replay_log(
        p.user_id, v_purpose, v_since, p_from, p_until,
        case when capped.at_planning then v_after else p_until end, capped.at_planning) e
    ) h
    left join lateral (
      select array_agg(g.message_id) as ids, array_agg(g.rule) as rules
      from smartengage.replay_gone(p.user_id, p_from, p_until, v_min_p14, v_min_visits, v_global_share) g
      where v_takes_away
        and v_purpose = 'outreach'
    ) g on true
    cross join lateral unnest(smartengage.replay_person(
      h.kind, h.at, h.id, h.channel, h.useful, h.until, h.due, h.run_id, h.no, h.release_no, g.ids, g.rules,
      v_quiet[k.place], v_tried[k.place],
      v_spread, v_margin, p_from, v_cap, v_cap_channel, v_cap_max, v_cap_window, v_cap_from, v_cap_until, v_apart)) f
    where h.kind is not null;
  end loop;
end;
$$;

comment on function smartengage.replay(timestamptz, timestamptz, jsonb, uuid, uuid, boolean) is
$$History between two instants decided again under p_changes (see smartengage.what_if) for the people between two ids (the second not included). p_everybody: all of them go through the pass, not only smartengage.replay_suspects; the result is the same.
Result: a row for each message whose fate would differ: sent_at then, or null and the reason (a cap, a rule, quiet); before_at: when it was sent, where that is known without looking it up. None = history repeats itself, which the unchanged policy ('{}') must give. A message that was capped at planning has the id of the one planned for the same occurrence later, else smartengage.replay_id.$$;
