create or replace function smartengage.judge_campaign(p_campaign_id uuid, p_at timestamptz)
returns text
language plpgsql volatile parallel unsafe
set search_path = ''
as $$
declare
  v_campaign smartengage.campaign;
  v_bad jsonb;
  v_good boolean;
begin
  select c.* into v_campaign
  from smartengage.campaign c
  where c.campaign_id = p_campaign_id
  for no key update;

  select jsonb_object_agg(g.guardrail, to_jsonb(g) - 'guardrail' - 'verdict') filter (where g.verdict = 'bad'),
         -- An even split is judged where it can be; a small canary of a small holdout must not wait for it for ever.
         bool_and(g.verdict = 'good' or g.guardrail = 'sample_ratio' and g.verdict = 'too_early')
  into v_bad, v_good
  from smartengage.guardrails(p_campaign_id, p_at) g;

  if v_bad is not null and v_campaign.status in ('running', 'paused', 'completed') then
    perform smartengage.roll_back(
      p_campaign_id, null, 'guardrails', (select string_agg(k, ', ' order by k) from jsonb_object_keys(v_bad) k), p_at);
    perform policy.raise_alert(
      'campaign_stopped', 'campaign ' || p_campaign_id,
      jsonb_build_object('campaign_id', p_campaign_id, 'canary', v_campaign.canary_share < 1 and v_campaign.widened_at is null,
                         'guardrails', v_bad), p_at);
    return 'stopped';
  end if;

  if v_campaign.status <> 'running' or v_campaign.canary_share >= 1 or v_campaign.widened_at is not null
     or not exists (
       select
       from smartengage.run r
       join outreach.message m on m.run_id = r.run_id
       join outreach.delivery d on d.message_id = m.message_id and d.state <> 'released'
       where r.campaign_id = p_campaign_id
         and d.sent_at <= p_at - make_interval(hours => policy.number('canary.hold', p_at)::int)) then
    return 'unchanged';
  end if;
  if v_good then
    perform smartengage.roll_out(p_campaign_id, 'guardrails', 'the canary passed', p_at);
    return 'widened';
  end if;
  -- Nothing more is to come that could decide it, so somebody has to: once, as it stays so.
  if not exists (
       select
       from smartengage.run r
       join outreach.message m on m.run_id = r.run_id
       where r.campaign_id = p_campaign_id
         and m.state in ('scheduled', 'claimed', 'in_doubt'))
     and not exists (
       select from policy.alert a where a.kind = 'canary_undecided' and a.subject = 'campaign ' || p_campaign_id) then
    perform policy.raise_alert(
      'canary_undecided', 'campaign ' || p_campaign_id,
      jsonb_build_object('campaign_id', p_campaign_id, 'guardrails', (
        select jsonb_object_agg(g.guardrail, to_jsonb(g) - 'guardrail') from smartengage.guardrails(p_campaign_id, p_at) g)), p_at);
  end if;
  return 'unchanged';
end;
$$;

comment on function smartengage.judge_campaign(uuid, timestamptz) is
$$Stops a campaign whose guardrails are bad (smartengage.guardrails), with an alert (campaign_stopped) that has the numbers; opens one to everybody whose canary has been out for canary.hold and is good by all of them. One that has run dry before that could be told raises an alert (canary_undecided): an admin widens it or not.
Result: stopped, widened, or unchanged. Repeatable.$$;
