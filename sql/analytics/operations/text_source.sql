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

comment on view analytics.text_source is 'How often the house text had to stand in for the model, and why: one row per local day and campaign, as composed.';
comment on column analytics.text_source.local_day is 'Day of the planning in the default time zone.';
comment on column analytics.text_source.campaign is 'Name of the campaign.';
comment on column analytics.text_source.as_of is 'Instant (UTC) of the last composing.';
comment on column analytics.text_source.cohorts is 'Cohorts of its runs that day.';
comment on column analytics.text_source.messages is 'Messages in these.';
comment on column analytics.text_source.model_texts is 'Of these, with a text of the model.';
comment on column analytics.text_source.house_texts is 'Of these, with a text of the house.';
comment on column analytics.text_source.fallback_share is 'house_texts / messages.';
comment on column analytics.text_source.not_asked is 'House texts because no model is set up, or it was down and spared.';
comment on column analytics.text_source.over_budget is 'House texts because the day''s budget was used up.';
comment on column analytics.text_source.failed is 'House texts because the model gave no usable answer.';
comment on column analytics.text_source.rejected is 'House texts because no answer was acceptable.';
