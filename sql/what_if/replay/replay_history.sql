-- How a year is decided again.
--
-- The caps are rolling windows: whether a message may go depends on those that went before it, and those on the ones
-- before them, so a person's history can only be gone through in order. Between people nothing depends. Hence one pass
-- a person (what_if.replay_person), reading their decisions from narrow indexes (what_if.recorded_decisions), never the table
-- with the texts; and only for those for whom something may differ (what_if.people_to_replay).
--
-- The pass does not start from what was planned and guess the rest. It goes through what was decided, in the order in
-- which it was (outreach.decision_no), asking each time only what the caps, the quiet times and the end of its use would
-- have said; everything else (workers that were late, providers that refused, answers in doubt, consent, the hours that planning
-- chose) stays as it was recorded. As long as the answer is the recorded one, the replay is history. The first other answer
-- takes that message out of history: it goes at once, or waits for the exact instant at which its cap frees or its quiet
-- time ends, or is no use any more; and for every later decision of that person the windows are those of the replay. So with the
-- unchanged policy nothing can differ unless history was not decided by that policy; the replay then says so instead of hiding it.
--
-- A rule of planning takes messages out before they are planned (what_if.unplanned_messages). The plannings after that have a
-- row for them still, "already reminded": at the first of them that the rule would let plan it, it is
-- (what_if.recorded_plannings). Of whom no planning has a row, nothing can be said: such values are refused.
--
-- This is replay against a log of decisions, as known from event sourcing (M. Fowler, "Retroactive Event", 2005) and from the
-- offline evaluation of policies: only what the log covers can be answered (L. Li et al., "Unbiased Offline Evaluation of
-- Contextual-bandit-based News Article Recommendation Algorithms", 2011). What it does not cover is refused by
-- what_if.check_changes.
create or replace function what_if.replay_history(
  p_from timestamptz, p_until timestamptz, p_changes jsonb, p_user_from uuid, p_user_until uuid, p_everybody boolean default false)
returns table (user_id uuid, message_id uuid, sent_at timestamptz, reason text, before_at timestamptz)
language plpgsql stable parallel safe
set search_path = ''
as $$
declare
  v_purpose text;
  v_caps what_if.applied_cap[];
  v_since timestamptz;
  v_apart interval;
  v_after constant timestamptz := p_until + interval '32 days';
  v_users uuid[];
  v_quiet record;
  v_spread constant interval := make_interval(mins => policy.number('quiet.spread', p_until)::int);
  v_margin constant interval := make_interval(mins => policy.number('quiet.margin', p_until)::int);
  v_is_timed constant boolean := what_if.touches_timing(p_changes);
  v_useful_for constant interval := make_interval(days => (p_changes ->> 'reminder.useful_for')::double precision::int);
  v_replans constant boolean := exists (select from what_if.replayable_rule u where p_changes ? u.rule);
  v_eases constant boolean := what_if.replans_capped(p_changes);
begin
  for v_purpose in
    -- Those that something changes for; all, if nothing is to change.
    select distinct c.purpose
    from policy.cap c
    where p_changes ? c.cap
       or p_changes = '{}'
       or v_replans and c.purpose = 'outreach'
       or p_changes ?| '{quiet_period,instead_of}'
    order by c.purpose
  loop
    select
      array_agg(
        row (c.cap, c.channel, c.max_messages, make_interval(hours => c.window_hours), c.valid_from, c.valid_until)::what_if.applied_cap
        order by c.cap, c.version),
      p_from - make_interval(hours => max(c.window_hours)),
      case when min(c.max_messages) > 0 then make_interval(hours => max(c.window_hours)) end
    into v_caps, v_since, v_apart
    from what_if.cap_versions(p_changes) c
    where c.purpose = v_purpose
      and tstzrange(c.valid_from, c.valid_until) && tstzrange(p_from, v_after);

    if p_everybody then
      v_users := array(
        select p.user_id from account.person p where p.user_id >= p_user_from and p.user_id < p_user_until order by p.user_id);
    else
      v_users := array(
        select s.user_id
        from what_if.people_to_replay(p_user_from, p_user_until, v_purpose, v_since, p_from, p_until, p_changes) s
        order by s.user_id);
    end if;
    v_quiet := what_if.quiet_windows_by_group(v_users, v_purpose, p_from, v_after, p_changes);

    return query
    select p.user_id, f.message_id, f.sent_at, f.reason, f.before_at
    from unnest(v_users) as u (user_id)
    join account.person p on p.user_id = u.user_id
    join account.person_zone z on z.user_id = p.user_id
    cross join lateral (select array_position(v_quiet.kinds, concat_ws('/', z.zone, p.quiet_from, p.quiet_until)) as place) k
    left join lateral (
      select array_agg(g.message_id) as ids, array_agg(g.rule) as rules
      from what_if.unplanned_messages(p.user_id, p_from, p_until, p_changes) g
      where v_replans
        and v_purpose = 'outreach'
    ) g on true
    -- Whether a planning is replayed: only then does it matter what waited, be it longer than the period.
    cross join lateral (
      select v_purpose = 'outreach' and (v_eases or exists (
        select
        from smartengage.candidate c
        where c.user_id = p.user_id
          and c.reason = 'capped'
          and c.wanted_at is not null)) as is_replayed
      offset 0
    ) planning
    cross join lateral (
      select array_agg(e.decided order by (e.decided).no, (e.decided).at) as log
      from (
        select l as decided
        from what_if.recorded_decisions(
          p.user_id, v_purpose, v_since, p_from, p_until, case when planning.is_replayed then v_after else p_until end,
          planning.is_replayed, v_is_timed, v_useful_for) l
        union all
        select l
        from what_if.recorded_plannings(p.user_id, p_from, p_until, p_changes, v_useful_for, v_replans, v_eases, g.ids) l
        where planning.is_replayed
      ) e
    ) h
    cross join lateral unnest(what_if.replay_person(
      h.log, g.ids, g.rules, v_caps, v_apart, v_quiet.quiet[k.place], v_quiet.tried[k.place], v_quiet.was[k.place],
      v_spread, v_margin, p_from)) f
    where h.log is not null;
  end loop;
end;
$$;

comment on function what_if.replay_history(timestamptz, timestamptz, jsonb, uuid, uuid, boolean) is
$$History between two instants decided again under p_changes (see what_if.comparison) for the people between two ids (the second not included). p_everybody: all of them go through the pass, not only what_if.people_to_replay; the result is the same.
Result: a row for each message whose fate would differ: sent_at then, or null and the reason (a cap, a rule, quiet, yields, after_period); before_at: when it was sent, where that is known without looking it up. None = history repeats itself, which the unchanged policy ('{}') must give. A message that was capped at planning has the id of the one planned for the same occurrence later, else what_if.replayed_message_id.$$;
