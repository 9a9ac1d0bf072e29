create or replace view analytics.model_cost as
select
  (c.called_at at time zone z.zone)::date as local_day,
  g.name as campaign,
  count(*) as calls,
  sum(c.requests) as requests,
  count(*) filter (where c.failure is not null) as failures,
  sum(c.tokens_in) as tokens_in,
  sum(c.tokens_out) as tokens_out,
  sum(c.cost_micro_usd)::double precision / 1000000 as cost_usd
from text.model_call c
left join smartengage.run r on r.run_id = c.run_id
left join smartengage.campaign g on g.campaign_id = r.campaign_id
cross join policy.current_default_zone z
group by 1, 2;

comment on view analytics.model_cost is
'Calls of the model and their cost: one row per local day and campaign.';
comment on column analytics.model_cost.local_day is 'Local day of the calls, in the default time zone.';
comment on column analytics.model_cost.campaign is 'Name of the campaign; null = for no run.';
comment on column analytics.model_cost.calls is 'Calls, each for one cohort.';
comment on column analytics.model_cost.requests is 'HTTP requests of these calls, retries included.';
comment on column analytics.model_cost.failures is 'Calls without a usable answer.';
comment on column analytics.model_cost.tokens_in is 'Input tokens.';
comment on column analytics.model_cost.tokens_out is 'Output tokens.';
comment on column analytics.model_cost.cost_usd is 'US dollars, at the prices in force at each call.';
