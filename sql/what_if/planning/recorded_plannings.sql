create or replace function what_if.recorded_plannings(
  p_user_id uuid, p_from timestamptz, p_until timestamptz, p_changes jsonb, p_useful_for interval, p_replans boolean, p_eases boolean,
  p_gone uuid[])
returns setof what_if.recorded_decision
language sql stable parallel safe
begin atomic
  -- Refused for want of a place under the caps.
  select
    6, r.planned_at, what_if.replayed_message_id(r.campaign_id, c.user_id, c.occurrence), c.channel, true,
    case when r.message_class = 'reminder' then coalesce(c.expected_at + p_useful_for, c.useful_until) else c.useful_until end,
    c.useful_until, c.wanted_at, true, null::timestamptz, r.run_id, coalesce(r.decision_no, 0), null::bigint
  from smartengage.candidate c
  join smartengage.run r on r.run_id = c.run_id
  join smartengage.campaign g on g.campaign_id = r.campaign_id
  where c.user_id = p_user_id
    and c.reason = 'capped'
    and c.wanted_at is not null
    and r.planned_at >= p_from
    and r.planned_at < p_until
    and what_if.stopping_rule(p_changes, c.user_id, c.occurrence, c.p14, c.expected_at, r.planned_at, r.message_class) is null
    -- Held out it would have been a ghost.
    and stats.bucket(c.user_id, r.campaign_id || '/holdout') >= g.holdout_share
  union all
  -- Refused for want of time.
  select
    6, r.planned_at, what_if.replayed_message_id(r.campaign_id, c.user_id, c.occurrence), c.channel, true,
    c.expected_at + p_useful_for, c.useful_until, c.wanted_at, true, null, r.run_id, coalesce(r.decision_no, 0), null
  from smartengage.candidate c
  join smartengage.run r on r.run_id = c.run_id
  join smartengage.campaign g on g.campaign_id = r.campaign_id
  where p_replans
    and p_useful_for is not null
    and c.user_id = p_user_id
    and c.reason = 'no_time_left'
    and c.wanted_at is not null
    and r.message_class = 'reminder'
    and r.planned_at >= p_from
    and r.planned_at < p_until
    and what_if.stopping_rule(p_changes, c.user_id, c.occurrence, c.p14, c.expected_at, r.planned_at, r.message_class) is null
    and stats.bucket(c.user_id, r.campaign_id || '/holdout') >= g.holdout_share
  union all
  -- Reminded already, by a message that would not have been planned: it would be now, as long after this planning as it was after its own.
  select
    6, r.planned_at, o.message_id, o.channel, true,
    c.expected_at + coalesce(p_useful_for, o.useful_for), c.expected_at + o.useful_for, r.planned_at + o.wanted_after, true, null,
    r.run_id, coalesce(r.decision_no, 0), null
  from smartengage.candidate c
  join smartengage.run r on r.run_id = c.run_id
  join lateral (
    select m.message_id, m.channel, m.wanted_at - t.planned_at as wanted_after, m.useful_until - m.expected_at as useful_for
    from smartengage.candidate m
    join smartengage.run t on t.run_id = m.run_id
    where m.user_id = c.user_id
      and m.occurrence = c.occurrence
      and t.campaign_id = r.campaign_id
      and t.planned_at < r.planned_at
      and m.wanted_at is not null
      and m.message_id = any (p_gone)
  ) o on true
  where p_replans
    and cardinality(p_gone) > 0
    and c.user_id = p_user_id
    and c.reason = 'already_reminded'
    and r.message_class = 'reminder'
    and r.planned_at >= p_from
    and r.planned_at < p_until
    and what_if.stopping_rule(p_changes, c.user_id, c.occurrence, c.p14, c.expected_at, r.planned_at, r.message_class) is null
  union all
  -- Planned for later than the best instant, as a cap was used up until then.
  select
    10, r.planned_at, c.message_id, c.channel, true,
    case when r.message_class = 'reminder' then coalesce(c.expected_at + p_useful_for, c.useful_until) else c.useful_until end,
    c.useful_until, c.wanted_at, false, f.due_at, r.run_id, coalesce(r.decision_no, 0), null
  from smartengage.candidate c
  join smartengage.run r on r.run_id = c.run_id
  -- When it was due as it was planned: it only ever becomes later.
  join (
    select x.message_id, min(x.due_at) as due_at
    from (
      select d.message_id, d.due_at from outreach.delivery d where d.user_id = p_user_id and d.purpose = 'outreach'
      union all
      select d.message_id, d.due_at from outreach.claim_denial d where d.user_id = p_user_id and d.purpose = 'outreach'
      union all
      select m.message_id, m.due_at from outreach.message m where m.user_id = p_user_id and m.state = 'scheduled'
    ) x
    group by x.message_id
  ) f on f.message_id = c.message_id
  where p_eases
    and c.user_id = p_user_id
    and c.outcome = 'message'
    and r.message_class <> 'urgent'
    and r.planned_at >= p_from
    and r.planned_at < p_until
    and c.wanted_at < f.due_at
    and c.message_id <> all (coalesce(p_gone, '{}'));
end;

comment on function what_if.recorded_plannings(uuid, timestamptz, timestamptz, jsonb, interval, boolean, boolean, uuid[]) is
$$Recorded plannings that planned no message of a person (kind 6 of what_if.replay_person), or one for later because of a cap (kind 10), but might have done otherwise under p_changes (see what_if.comparison).
p_useful_for: rule reminder.useful_for that is tried; p_replans: whether any rule of planning is; p_eases: what_if.replans_capped; p_gone: messages that would not have been planned when they were (what_if.unplanned_messages).$$;
