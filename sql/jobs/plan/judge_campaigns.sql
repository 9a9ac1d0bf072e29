create or replace function jobs.judge_campaigns()
returns jsonb
language sql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
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
$$Judges the guardrails of every campaign with a run in the last guardrail.window days.
Stops bad campaigns with an alert and rolls out good canaries (smartengage.judge_campaign).
Result: {judged (count), stopped: [campaign_id], widened: [campaign_id]}. Repeatable.$$;
