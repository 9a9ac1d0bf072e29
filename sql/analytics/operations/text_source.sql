create or replace view analytics.text_source as
select
  (r.planned_at at time zone z.zone)::date as local_day,
  g.name as campaign,
  max(c.as_of) as as_of,
  count(*) as cohorts,
  sum(c.messages) as messages,
  coalesce(sum(c.messages) filter (where c.source = 'model'), 0) as model_texts,
  coalesce(sum(c.messages) filter (where c.source <> 'model'), 0) as house_texts,
  coalesce(sum(c.messages) filter (where c.source <> 'model'), 0)::double precision / sum(c.messages) as fallback_share,
  coalesce(sum(c.messages) filter (where c.source = 'not_asked'), 0) as not_asked,
  coalesce(sum(c.messages) filter (where c.source = 'over_budget'), 0) as over_budget,
  coalesce(sum(c.messages) filter (where c.source = 'failed'), 0) as failed,
  coalesce(sum(c.messages) filter (where c.source = 'rejected'), 0) as rejected
from smartengage.cohort_text_source c
join smartengage.run r on r.run_id = c.run_id
join smartengage.campaign g on g.campaign_id = r.campaign_id
cross join policy.current_default_zone z
group by 1, 2;

comment on view analytics.text_source is
'How often messages got texts of the model, and why not: one row per local day and campaign.
As of the last assignment of texts in each run.';
comment on column analytics.text_source.local_day is 'Local day of planning, in the default time zone.';
comment on column analytics.text_source.campaign is 'Name of the campaign.';
comment on column analytics.text_source.as_of is 'Instant of the last assignment of texts (UTC).';
comment on column analytics.text_source.cohorts is 'Cohorts of the campaigns runs on that day.';
comment on column analytics.text_source.messages is 'Messages of these cohorts.';
comment on column analytics.text_source.model_texts is 'Of messages, those with a text of the model.';
comment on column analytics.text_source.house_texts is 'Of messages, those with a house text.';
comment on column analytics.text_source.fallback_share is 'house_texts / messages, 0 to 1.';
comment on column analytics.text_source.not_asked is
'House texts because the model was not asked: none is set up, or it was failing.';
comment on column analytics.text_source.over_budget is 'House texts because the days budget was used up.';
comment on column analytics.text_source.failed is 'House texts because the model gave no usable answer.';
comment on column analytics.text_source.rejected is 'House texts because no answer was acceptable.';
