create or replace function jobs.judge_campaigns()
returns jsonb
language sql volatile parallel unsafe
security definer
set search_path = ''
begin atomic
  select jsonb_build_object(
    'judged', count(*),
    'stopped', coalesce(jsonb_agg(j.campaign_id) filter (where j.verdict = 'stopped'), '[]'),
    'widened', coalesce(jsonb_agg(j.campaign_id) filter (where j.verdict = 'widened'), '[]'))
  from (
    select c.campaign_id, smartengage.judge_campaign(c.campaign_id, clock.now()) as verdict
    from smartengage.campaign c
    where c.status in ('running', 'paused', 'completed')
      and exists (
        select
        from smartengage.run r
        where r.campaign_id = c.campaign_id
          and r.planned_at > clock.now() - make_interval(days => (select policy.number('guardrail.window', clock.now()))::int))
    order by c.campaign_id
  ) j;
end;

comment on function jobs.judge_campaigns() is
$$Judges every campaign with a run of late by its guardrails: stops bad ones with an alert, widens good canaries; see smartengage.judge_campaign.
Result: {judged, stopped: [campaign_id], widened: [campaign_id]}. Repeatable.$$;
