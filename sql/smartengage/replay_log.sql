create or replace function smartengage.replay_log(
  p_user_id uuid, p_purpose text, p_since timestamptz, p_from timestamptz, p_until timestamptz, p_seen timestamptz, p_capped boolean)
returns table (
  kind int, at timestamptz, id uuid, channel text, useful_until timestamptz, until timestamptz, due_at timestamptz, run_id uuid,
  no bigint, release_no bigint)
language sql stable parallel safe
begin atomic
  select
    -- What somebody wrote by hand was not the policy's decision, nor what was exempt. Sendings older than this record
    -- are looked up at their messages, the others not: a sub-select in coalesce() is asked only when it is needed.
    case
      when d.sent_at >= p_until then 7
      when d.due_at is null and d.decision_no is not null then 3
      when coalesce(d.obeys_caps, (select m.obeys_caps from outreach.message m where m.message_id = d.message_id)) then 1
      else 2
    end as kind,
    d.sent_at as at, d.message_id as id, d.channel,
    coalesce(d.useful_until, (select m.useful_until from outreach.message m where m.message_id = d.message_id)) as useful_until,
    null::timestamptz as until, coalesce(d.due_at, d.sent_at) as due_at, null::uuid as run_id,
    coalesce(d.decision_no, 0) as no, d.release_no
  from outreach.delivery d
  where d.user_id = p_user_id
    and d.purpose = p_purpose
    and d.counts
    and d.sent_at >= p_since
    and d.sent_at < p_seen
    and (d.state <> 'released' or d.release_no is not null)
  union all
  select
    case when d.decided_at >= p_until then 7 when d.reason = 'capped' then 4 when d.reason = 'yields' then 5 else 7 end,
    d.decided_at, d.message_id, d.channel, d.useful_until, d.until, d.due_at, null, d.decision_no, null
  from outreach.decision d
  where d.user_id = p_user_id
    and d.purpose = p_purpose
    and d.decided_at >= p_since
    and d.decided_at < p_seen
  union all
  select
    6, r.planned_at, smartengage.replay_id(r.campaign_id, c.user_id, c.occurrence), c.channel, c.useful_until,
    c.wanted_at, null, r.run_id, coalesce(r.decision_no, 0), null
  from smartengage.candidate c
  join smartengage.run r on r.run_id = c.run_id
  where p_capped
    and p_purpose = 'outreach'
    and c.user_id = p_user_id
    and c.reason = 'capped'
    and c.wanted_at is not null
    and r.planned_at >= p_from
    and r.planned_at < p_until
  union all
  -- What waits still.
  select 7, m.due_at, m.message_id, m.channel, m.useful_until, null, m.due_at, null, 9223372036854775807, null
  from outreach.message m
  where p_capped
    and m.user_id = p_user_id
    and m.purpose = p_purpose
    and m.state = 'scheduled';
end;

comment on function smartengage.replay_log(uuid, text, timestamptz, timestamptz, timestamptz, timestamptz, boolean) is
$$What was decided on a person's messages, as smartengage.replay_person reads it (there: the kinds), from p_since, the beginning of the windows, until p_seen.
p_capped: whether they were ever capped at planning; only then those plannings, and what waits still, are looked for.$$;
