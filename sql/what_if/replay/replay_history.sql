-- How a year is decided again.
--
-- The caps are rolling windows: whether a message may go depends on those sent before it, and these on the ones before
-- them. So a person's history can only be replayed in order (what_if.replay_person). People do not depend on each other.
-- A replay reads decisions from narrow indexes (what_if.recorded_decisions), never the table with the texts, and only of
-- people for whom something may differ (what_if.people_to_replay).
--
-- It does not start from what was planned. It follows the recorded decisions in their order (outreach.decision_no) and asks
-- of each only what the caps and the quiet times of the tried policy say. Everything else stays as recorded: late workers,
-- refusals of providers, lost answers, consent, the hours that planning chose. While each answer is the recorded one, the
-- replay is history. At the first other answer the message leaves history: it goes at once, or at the exact instant at
-- which its cap frees or its quiet time ends, or is dropped if that is too late. The windows of every later decision on that
-- person are then those of the replay. Under the unchanged policy nothing differs, unless history was not decided by it.
--
-- This is replay against a log of decisions, as known from event sourcing (M. Fowler, "Retroactive Event", 2005) and from the
-- offline evaluation of policies: only what the log covers can be answered (L. Li et al., "Unbiased Offline Evaluation of
-- Contextual-bandit-based News Article Recommendation Algorithms", 2011). What it does not cover, what_if.tried_policy refuses.
create or replace function what_if.replay_history(
  p_from timestamptz, p_until timestamptz, p_tried what_if.tried_policy, p_user_from uuid, p_user_until uuid,
  p_all_people boolean default false)
returns table (user_id uuid, message_id uuid, sent_at timestamptz, reason text, before_at timestamptz)
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_purpose text;
  v_caps what_if.applied_cap[];
  v_since timestamptz;
  v_longest_window interval;
  v_after constant timestamptz := p_until + interval '32 days';
  v_users uuid[];
  v_spread constant interval := make_interval(mins => policy.number('quiet.spread', p_until)::int);
  v_margin constant interval := make_interval(mins => policy.number('quiet.margin', p_until)::int);
begin
  foreach v_purpose in array p_tried.purposes loop
    select
      array_agg(c order by c.cap, c.valid_from),
      p_from - max(c.window_length),
      case when min(c.max_messages) > 0 then max(c.window_length) end
    into v_caps, v_since, v_longest_window
    from unnest(p_tried.caps) c
    where c.purpose = v_purpose
      and tstzrange(c.valid_from, c.valid_until) && tstzrange(p_from, v_after);

    if p_all_people then
      v_users := array(
        select p.user_id from account.person p where p.user_id >= p_user_from and p.user_id < p_user_until order by p.user_id);
    else
      v_users := array(
        select s.user_id
        from what_if.people_to_replay(p_user_from, p_user_until, v_purpose, v_since, p_from, p_until, p_tried) s
        order by s.user_id);
    end if;

    return query
    with quiet_group as materialized (
      select * from what_if.quiet_windows_by_group(v_users, v_purpose, p_from, v_after, p_tried)
    )
    select p.user_id, f.message_id, f.sent_at, f.reason, f.before_at
    from unnest(v_users) as u (user_id)
    join account.person p on p.user_id = u.user_id
    join account.person_zone z on z.user_id = p.user_id
    join quiet_group q on (q.zone, q.quiet_from, q.quiet_until) is not distinct from (z.zone, p.quiet_from, p.quiet_until)
    cross join lateral (
      select array_agg(l order by l.decision_no, l.at) as log
      from what_if.recorded_decisions(p.user_id, v_purpose, v_since, p_from, p_until, p_tried.changes_quiet) l
    ) h
    cross join lateral unnest(what_if.replay_person(
      h.log, v_caps, v_longest_window, q.quiet, q.tried, q.recorded, v_spread, v_margin, p_from)) f
    where h.log is not null;
  end loop;
end;
$$;

comment on function what_if.replay_history(timestamptz, timestamptz, what_if.tried_policy, uuid, uuid, boolean) is
$$History between two instants decided again under another policy, for the people between two ids (the second excluded).
p_all_people: replays all of them, not only what_if.people_to_replay; the result is the same.
Result: a row for each message whose fate differs: sent_at in the replay, or null and the reason (a cap, quiet, yields);
before_at: when it was sent in history, if known without a look-up. No row = history repeats itself, as the unchanged policy
('{}') must give.$$;
