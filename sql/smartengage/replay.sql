-- How a year is decided again.
--
-- The caps are rolling windows: whether a message may go depends on those that went before it, and those on the ones
-- before them, so a person's history can only be gone through in order. Between people nothing depends. Hence one pass
-- a person (smartengage.replay_person), all people in parallel, each reading its sendings from one narrow index
-- (delivery_consent_idx), never the table with the texts.
--
-- The pass does not start from what was planned and guess the rest. It goes through what was decided, in the order in
-- which it was (outreach.decision_no), asking each time only what the caps would have said; everything else (workers that
-- were late, providers that refused, answers in doubt, consent, quiet times) stays as it was recorded. As long as the answer
-- is the recorded one, the replay is history. The first other answer takes that message out of history: it goes at once, or
-- waits for the exact instant at which its cap frees, or is no use any more; and for every later decision of that
-- person the windows are those of the replay. So with the unchanged policy nothing can differ unless history was not
-- decided by that policy; the replay then says so instead of hiding it.
--
-- This is replay against a log of decisions, as known from event sourcing (M. Fowler, "Retroactive Event", 2005) and from the
-- offline evaluation of policies: only what the log covers can be answered (L. Li et al., "Unbiased Offline Evaluation of
-- Contextual-bandit-based News Article Recommendation Algorithms", 2011). What it does not cover is refused by
-- smartengage.check_changes.
create or replace function smartengage.replay(p_from timestamptz, p_until timestamptz, p_changes jsonb, p_at timestamptz)
returns table (user_id uuid, message_id uuid, sent_at timestamptz, reason text)
language plpgsql stable parallel restricted
set search_path = ''
-- The planner knows neither how few rows come back nor how long a person takes: all processors that may be used are.
set parallel_setup_cost = 0
set parallel_tuple_cost = 0
set min_parallel_table_scan_size = 0
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
  v_after constant timestamptz := p_until + interval '32 days';
  v_kinds text[];
  v_quiet tstzmultirange[];
  v_spread constant interval := make_interval(mins => policy.number('quiet.spread', p_until)::int);
  v_margin constant interval := make_interval(mins => policy.number('quiet.margin', p_until)::int);
  v_min_p14 constant double precision := (p_changes ->> 'reminder.min_p14')::double precision;
  v_min_visits constant int := (p_changes ->> 'reminder.min_visits')::numeric::int;
  v_global_share constant double precision := (p_changes ->> 'holdout.global_share')::double precision;
  v_takes_away constant boolean := num_nonnulls(v_min_p14, v_min_visits, v_global_share) > 0;
begin
  perform smartengage.check_changes(p_from, p_until, p_changes, p_at);

  for v_purpose in
    -- Those that something changes for; all, if nothing is to change.
    select distinct c.purpose
    from policy.cap c
    where p_changes ? c.cap
       or p_changes = '{}'
       or v_takes_away and c.purpose = 'outreach'
    order by c.purpose
  loop
    select
      array_agg(c.cap order by c.cap, c.version), array_agg(c.channel order by c.cap, c.version),
      array_agg(c.max_messages order by c.cap, c.version),
      array_agg(make_interval(hours => c.window_hours) order by c.cap, c.version),
      array_agg(c.valid_from order by c.cap, c.version), array_agg(c.valid_until order by c.cap, c.version),
      p_from - make_interval(hours => max(c.window_hours))
    into v_cap, v_cap_channel, v_cap_max, v_cap_window, v_cap_from, v_cap_until, v_since
    from smartengage.replay_caps(p_changes) c
    where c.purpose = v_purpose
      and tstzrange(c.valid_from, c.valid_until) && tstzrange(p_from, v_after);

    -- Quiet times once for each kind of people: zone, own quiet hours; the window is the widest of the campaigns'.
    select array_agg(k.kind), array_agg(outreach.quiet_times(
      p_from, v_after, k.zone, v_purpose, k.quiet_from, k.quiet_until, w.window_from, w.window_until))
    into v_kinds, v_quiet
    from (
      select distinct concat_ws('/', z.zone, p.quiet_from, p.quiet_until) as kind, z.zone, p.quiet_from, p.quiet_until
      from account.person p
      join account.person_zone z on z.user_id = p.user_id
    ) k
    cross join (
      select min(c.window_from) as window_from, max(c.window_until) as window_until from smartengage.campaign c
    ) w;

    return query
    select p.user_id, f.message_id, f.sent_at, f.reason
    from account.person p
    left join policy.time_zone z on z.name = p.time_zone
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
      from (
        select
          -- What somebody wrote by hand was not the policy's decision, nor what was exempt. Sendings older than this record
          -- are looked up at their messages, the others not: a sub-select in coalesce() is asked only when it is needed.
          case
            when d.sent_at >= p_until then 7
            when d.due_at is null and d.decision_no is not null then 2
            when coalesce(d.obeys_caps, (select m.obeys_caps from outreach.message m where m.message_id = d.message_id)) then 1
            else 2
          end as kind,
          d.sent_at as at, d.message_id as id, d.channel,
          coalesce(d.useful_until, (select m.useful_until from outreach.message m where m.message_id = d.message_id)) as useful_until,
          null::timestamptz as until, coalesce(d.due_at, d.sent_at) as due_at, null::uuid as run_id,
          coalesce(d.decision_no, 0) as no, d.release_no
        from outreach.delivery d
        where d.user_id = p.user_id
          and d.purpose = v_purpose
          and d.counts
          and d.sent_at >= v_since
          and d.sent_at < case when capped.at_planning then v_after else p_until end
          and (d.state <> 'released' or d.release_no is not null)
        union all
        select
          case when d.decided_at >= p_until then 7 when d.reason = 'capped' then 4 when d.reason = 'yields' then 5 else 7 end,
          d.decided_at, d.message_id, d.channel, d.useful_until, d.until, d.due_at, null, d.decision_no, null
        from outreach.decision d
        where d.user_id = p.user_id
          and d.purpose = v_purpose
          and d.decided_at >= v_since
          and d.decided_at < case when capped.at_planning then v_after else p_until end
        union all
        select
          6, r.planned_at, smartengage.replay_id(r.campaign_id, c.user_id, c.occurrence), c.channel, c.useful_until,
          c.wanted_at, null, r.run_id, coalesce(r.decision_no, 0), null
        from smartengage.candidate c
        join smartengage.run r on r.run_id = c.run_id
        where capped.at_planning
          and v_purpose = 'outreach'
          and c.user_id = p.user_id
          and c.reason = 'capped'
          and c.wanted_at is not null
          and r.planned_at >= p_from
          and r.planned_at < p_until
        union all
        -- What waits still.
        select 7, m.due_at, m.message_id, m.channel, m.useful_until, null, m.due_at, null, 9223372036854775807, null
        from outreach.message m
        where capped.at_planning
          and m.user_id = p.user_id
          and m.purpose = v_purpose
          and m.state = 'scheduled'
      ) e
    ) h
    left join lateral (
      select array_agg(g.message_id) as ids, array_agg(g.rule) as rules
      from smartengage.replay_gone(p.user_id, p_from, p_until, v_min_p14, v_min_visits, v_global_share) g
      where v_takes_away
        and v_purpose = 'outreach'
    ) g on true
    cross join lateral unnest(smartengage.replay_person(
      h.kind, h.at, h.id, h.channel, h.useful, h.until, h.due, h.run_id, h.no, h.release_no, g.ids, g.rules,
      v_quiet[array_position(v_kinds, concat_ws('/', coalesce(z.name, (select policy.default_zone())), p.quiet_from, p.quiet_until))],
      v_spread, v_margin, p_from, v_cap, v_cap_channel, v_cap_max, v_cap_window, v_cap_from, v_cap_until)) f
    where h.kind is not null;
  end loop;
end;
$$;

comment on function smartengage.replay(timestamptz, timestamptz, jsonb, timestamptz) is
$$History between two instants decided again under p_changes (see smartengage.what_if).
Result: a row for each message whose fate would differ: sent_at then, or null and the reason (a cap, a rule, quiet). None = history repeats itself, which the unchanged policy ('{}') must give. A message that was capped at planning has the id of the one planned for the same occurrence later, else smartengage.replay_id.
Errors: SH422 from smartengage.check_changes.$$;
