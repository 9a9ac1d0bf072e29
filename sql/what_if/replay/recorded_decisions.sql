create or replace function what_if.recorded_decisions(
  p_user_id uuid, p_purpose text, p_since timestamptz, p_from timestamptz, p_until timestamptz, p_seen timestamptz, p_waits boolean,
  p_is_timed boolean, p_useful_for interval)
returns setof what_if.recorded_decision
language sql stable parallel safe
begin atomic
  select
    -- What somebody wrote by hand was not the policy's decision.
    case when d.sent_at >= p_until then 7 when d.due_at is null and d.decision_no is not null then 2 else 1 end,
    d.sent_at, d.message_id, d.channel,
    -- Sendings older than these records are looked up at their messages, the others not: a sub-select in coalesce() is
    -- asked only when it is needed.
    coalesce(d.obeys_caps, (select m.obeys_caps from outreach.message m where m.message_id = d.message_id)),
    case
      when p_useful_for is not null then what_if.changed_useful_until(d.message_id, d.useful_until, p_useful_for, p_from)
      else coalesce(d.useful_until, (select m.useful_until from outreach.message m where m.message_id = d.message_id))
    end,
    d.useful_until, null::timestamptz, false, coalesce(d.due_at, d.sent_at), null::uuid, coalesce(d.decision_no, 0), d.release_no
  from outreach.delivery d
  where d.user_id = p_user_id
    and d.purpose = p_purpose
    and d.counts
    and d.sent_at >= p_since
    and d.sent_at < p_seen
    and (d.state <> 'released' or d.release_no is not null)
  union all
  select
    case
      when d.decided_at >= p_until then 7
      when d.reason = 'capped' then 4
      when d.reason = 'yields' then 5
      when p_is_timed and d.reason = 'quiet' then 3
      when p_is_timed and d.reason = 'too_late' then 9
      else 7
    end,
    d.decided_at, d.message_id, d.channel,
    case
      when p_is_timed and d.reason in ('quiet', 'too_late') then (
        select m.obeys_caps from outreach.message m where m.message_id = d.message_id)
      else true
    end,
    case
      when p_useful_for is not null then what_if.changed_useful_until(d.message_id, d.useful_until, p_useful_for, p_from)
      else d.useful_until
    end,
    d.useful_until, d.until, d.verdict <> 'defer', d.due_at, null, d.decision_no, null
  from outreach.claim_denial d
  where d.user_id = p_user_id
    and d.purpose = p_purpose
    and d.decided_at >= p_since
    and d.decided_at < p_seen
  union all
  -- What waits still.
  select 7, m.due_at, m.message_id, m.channel, true, m.useful_until, m.useful_until, null, false, m.due_at, null, 9223372036854775807, null
  from outreach.message m
  where p_waits
    and m.user_id = p_user_id
    and m.purpose = p_purpose
    and m.state = 'scheduled';
end;

comment on function what_if.recorded_decisions(
  uuid, text, timestamptz, timestamptz, timestamptz, timestamptz, boolean, boolean, interval) is
$$What was decided at claims on a person's messages, as what_if.replay_person reads it (there: the kinds), from p_since, the beginning of the windows, until p_seen.
p_waits: whether a planning is replayed; only then what waits still is looked for. p_is_timed: what_if.touches_timing; only then quiet times and ends of usefulness are told apart from other noes. p_useful_for: see what_if.changed_useful_until; null = as recorded.$$;
