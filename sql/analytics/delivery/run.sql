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

comment on view analytics.run is
'Runs of campaigns: one row per run; every candidate and message is accounted for.';
comment on column analytics.run.run_id is 'The run.';
comment on column analytics.run.campaign is 'Name of the campaign.';
comment on column analytics.run.trigger_key is 'What asked for the run, such as daily 2026-11-23.';
comment on column analytics.run.as_of is 'Instant for which the run was planned (UTC).';
comment on column analytics.run.candidates is 'Due pairs of customer and service, counted before deciding on them.';
comment on column analytics.run.messages is 'Candidates with a message.';
comment on column analytics.run.ghosts is 'Candidates held out: planned, never sent.';
comment on column analytics.run.refused is 'Candidates refused by planning; analytics.refusal has the reasons.';
comment on column analytics.run.sent is 'Messages accepted by a provider, whatever happened later.';
comment on column analytics.run.in_doubt is 'Messages handed over to a provider whose answer was lost.';
comment on column analytics.run.expired is 'Messages that were no longer useful before they could be sent.';
comment on column analytics.run.refused_at_claim is 'Messages refused by a gate at the claim.';
comment on column analytics.run.failed is 'Messages refused by the provider permanently, or out of retries.';
comment on column analytics.run.waiting is 'Messages that are scheduled or claimed.';
comment on column analytics.run.identity_holds is
'Whether candidates = messages + ghosts + refused, and messages = the sum of their states.';
