create or replace view analytics.model_cost as
select
  (c.called_at at time zone z.zone)::date as local_day,
  g.name as campaign,
  count(*) as calls,
  sum(c.requests) as requests,
  count(*) filter (where c.failure is not null) as failures,
  sum(c.tokens_in) as tokens_in,
  sum(c.tokens_out) as tokens_out,
  sum(c.cost_micro)::double precision / 1000000 as cost_usd
from text.model_call c
left join smartengage.run r on r.run_id = c.run_id
left join smartengage.campaign g on g.campaign_id = r.campaign_id
cross join policy.current_default_zone z
group by 1, 2;

comment on view analytics.model_cost is 'What the model was asked and what that cost: one row per local day and campaign.';
comment on column analytics.model_cost.local_day is 'Day of the calls in the default time zone.';
comment on column analytics.model_cost.campaign is 'Name of the campaign; null = for none.';
comment on column analytics.model_cost.calls is 'Cohorts asked for.';
comment on column analytics.model_cost.requests is 'Requests that took, repetitions included.';
comment on column analytics.model_cost.failures is 'Calls without a usable answer.';
comment on column analytics.model_cost.tokens_in is 'Tokens of the questions.';
comment on column analytics.model_cost.tokens_out is 'Tokens of the answers.';
comment on column analytics.model_cost.cost_usd is 'US dollars, at the prices in force at each call.';
