create or replace function smartengage.judge_campaign(p_campaign_id uuid, p_at timestamptz)
returns text
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_campaign smartengage.campaign;
  v_breaches jsonb;
  v_all_good boolean;
begin
  select c.* into v_campaign
  from smartengage.campaign c
  where c.campaign_id = p_campaign_id
  for no key update;

  select jsonb_object_agg(g.guardrail, to_jsonb(g) - 'guardrail' - 'verdict') filter (where g.verdict = 'bad'),
         -- sample_ratio may stay too_early, else a small canary with a small holdout would wait forever.
         bool_and(g.verdict = 'good' or g.guardrail = 'sample_ratio' and g.verdict = 'too_early')
  into v_breaches, v_all_good
  from smartengage.guardrails(p_campaign_id, p_at) g;

  if v_breaches is not null and v_campaign.status in ('running', 'paused', 'completed') then
    perform smartengage.roll_back(
      p_campaign_id, null, 'guardrails', (select string_agg(k, ', ' order by k) from jsonb_object_keys(v_breaches) k), p_at);
    perform policy.raise_alert(
      'campaign_stopped', 'campaign ' || p_campaign_id,
      jsonb_build_object('campaign_id', p_campaign_id, 'canary', v_campaign.canary_share < 1 and v_campaign.widened_at is null,
                         'guardrails', v_breaches), p_at);
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
  if v_all_good then
    perform smartengage.roll_out(p_campaign_id, 'guardrails', 'the canary passed', p_at);
    return 'widened';
  end if;
  -- No message is left that could decide it, so an admin has to. One alert, as this does not change.
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
$$Stops or rolls out a campaign by its guardrails (smartengage.guardrails).
Any is bad: the campaign is stopped, with an alert (campaign_stopped) that has the figures.
All are good, and the canary was first sent canary.hold hours ago: it is rolled out to everybody.
Not all are good, and no message of the canary is left to send: an alert (canary_undecided), for an admin to decide.
Result: stopped, widened or unchanged. Idempotent.$$;
