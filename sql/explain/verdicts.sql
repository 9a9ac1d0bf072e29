create or replace function explain.verdicts(p_user_id uuid, p_at timestamptz)
returns table (
  stage text, campaign_id uuid, service_id uuid, message_id uuid, place int, gate text, verdict text,
  reason text, rule text, rule_version int, evidence jsonb, frees_at timestamptz)
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
-- plpgsql caches its plan: planning takes as long as execution.
begin
  return query
  with gate as materialized (
    select
      2 as step, 'plan' as stage, g.campaign_id, g.service_id, null::uuid as message_id, g.place, g.gate, g.verdict,
      g.reason, g.rule, g.rule_version, g.evidence, g.frees_at
    from explain.planning_verdicts(p_user_id, p_at) g
    union all
    select
      3, 'claim', g.campaign_id, g.service_id, g.message_id, g.place, g.gate, g.verdict,
      g.reason, g.rule, g.rule_version, g.evidence, g.frees_at
    from explain.claim_verdicts(p_user_id, p_at) g
  ),
  -- The verdict of all gates together: the first that does not pass.
  outcome as (
    select distinct on (g.stage, g.campaign_id, g.service_id, g.message_id)
      g.step, g.stage, g.campaign_id, g.service_id, g.message_id, 0 as place, 'outcome' as gate,
      case
        when g.verdict = 'pass' then case g.stage when 'plan' then 'message' else 'send' end
        when g.stage = 'plan' and g.place < 10 and g.verdict = 'refuse' then 'no_candidate'
        else g.verdict
      end as verdict,
      g.reason,
      case when g.verdict <> 'pass' then g.rule end as rule,
      case when g.verdict <> 'pass' then g.rule_version end as rule_version,
      jsonb_build_object('gate', case when g.verdict <> 'pass' then g.gate end) as evidence,
      case when g.verdict <> 'pass' then g.frees_at end as frees_at
    from gate g
    order by g.stage, g.campaign_id, g.service_id, g.message_id, g.verdict = 'pass', g.place
  ),
  -- The decision of the last planning by then, and the state of its message.
  decided as (
    select distinct on (r.campaign_id, c.service_id)
      1 as step, 'decided' as stage, r.campaign_id, c.service_id, c.message_id, 0 as place, 'outcome' as gate,
      case c.outcome when 'refused' then 'refuse' else c.outcome end as verdict, c.reason, c.rule, c.rule_version,
      jsonb_build_object(
        'run_id', r.run_id, 'planned_at', r.planned_at, 'occurrence', c.occurrence, 'segment', c.segment, 'p14', c.p14,
        'expected_at', c.expected_at, 'state', m.state, 'state_reason', m.reason, 'sent_at', d.sent_at,
        'consent_since', lower(o.valid_at)) as evidence,
      null::timestamptz as frees_at
    from smartengage.candidate c
    join smartengage.run r on r.run_id = c.run_id and r.planned_at <= p_at
    left join outreach.message m on m.message_id = c.message_id
    left join outreach.delivery d on d.message_id = c.message_id and d.state <> 'released' and d.sent_at <= p_at
    left join account.consent o
      on o.user_id = d.user_id
     and o.channel = d.consent_channel
     and o.purpose = d.consent_purpose
     and o.valid_at @> d.sent_at
    where c.user_id = p_user_id
    order by r.campaign_id, c.service_id, r.planned_at desc
  )
  select
    x.stage, x.campaign_id, x.service_id, x.message_id, x.place, x.gate, x.verdict,
    x.reason, x.rule, x.rule_version, x.evidence, x.frees_at
  from (
    select * from decided
    union all
    select * from outcome
    union all
    select * from gate
  ) x
  order by x.campaign_id, x.service_id, x.step, x.message_id, x.place;
end;
$$;

comment on function explain.verdicts(uuid, timestamptz) is
$$Why a person was, is or is not written to, at any instant: every gate for each campaign and service, in order.
Each gate is judged by itself, with the rule and its version in force then, the evidence, and when it frees.
stage decided: the stored decision of the last planning by then, and what became of it. stage plan: what planning at this instant
would decide (explain.planning_verdicts); gates below place 10 make a candidate. stage claim: what a claim at this instant would
decide on each message that was waiting (explain.claim_verdicts).
Place 0 (gate outcome) is the answer, with the first gate that did not pass. Stages decided and plan: message, ghost, refuse,
no_candidate, unknown (no model of that time is kept: explain.planning_verdicts). Stage claim: send, defer, wait, expire, refuse.
evidence: ids, instants, counts; no personal data.$$;
