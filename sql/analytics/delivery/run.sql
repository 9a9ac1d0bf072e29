create or replace view analytics.run as
select
  r.run_id,
  c.name as campaign,
  r.trigger_key,
  r.planned_at as as_of,
  r.candidates,
  r.messages,
  r.ghosts,
  r.refused,
  r.sent,
  r.in_doubt,
  r.expired,
  r.refused_at_claim,
  r.failed,
  r.waiting,
  r.identity_holds
from smartengage.run_reconciliation r
join smartengage.campaign c on c.campaign_id = r.campaign_id;

comment on view analytics.run is 'Campaign runs: one row per planning, everything accounted for.';
comment on column analytics.run.run_id is 'The run.';
comment on column analytics.run.campaign is 'Name of the campaign.';
comment on column analytics.run.trigger_key is 'What asked for the run.';
comment on column analytics.run.as_of is 'Instant (UTC) that the plan was made for.';
comment on column analytics.run.candidates is 'Pairs of customer and service that were due.';
comment on column analytics.run.messages is 'Candidates that got a message.';
comment on column analytics.run.ghosts is 'Candidates held out: planned, never sent.';
comment on column analytics.run.refused is 'Candidates refused when planned; analytics.refusal has the reasons.';
comment on column analytics.run.sent is 'Messages accepted by a provider.';
comment on column analytics.run.in_doubt is 'Messages handed over whose answer was lost.';
comment on column analytics.run.expired is 'Messages no longer useful when they could have gone.';
comment on column analytics.run.refused_at_claim is 'Messages refused by a gate at the moment of sending.';
comment on column analytics.run.failed is 'Messages refused for good, or out of retries.';
comment on column analytics.run.waiting is 'Messages still to go.';
comment on column analytics.run.identity_holds is 'Whether candidates = messages + ghosts + refused and messages = the sum of their ends.';
