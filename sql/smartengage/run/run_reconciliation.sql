create or replace view smartengage.run_reconciliation as
select
  r.run_id,
  r.campaign_id,
  r.trigger_key,
  r.planned_at,
  r.candidates,
  c.messages,
  c.ghosts,
  c.refused,
  coalesce(f.sent, 0) as sent,
  coalesce(f.in_doubt, 0) as in_doubt,
  coalesce(f.expired, 0) as expired,
  coalesce(f.refused_at_claim, 0) as refused_at_claim,
  coalesce(f.failed, 0) as failed,
  coalesce(f.waiting, 0) as waiting,
  r.candidates = c.messages + c.ghosts + c.refused
    and c.messages = coalesce(f.messages, 0)
    and c.ghosts = coalesce(f.ghosts, 0)
    and c.messages = coalesce(f.sent + f.expired + f.refused_at_claim + f.failed + f.in_doubt + f.waiting, 0) as identity_holds
from smartengage.run r
cross join lateral (
  select
    count(*) filter (where x.outcome = 'message') as messages,
    count(*) filter (where x.outcome = 'ghost') as ghosts,
    count(*) filter (where x.outcome = 'refused') as refused
  from smartengage.candidate x
  where x.run_id = r.run_id
) c
left join outreach.run_message_counts f on f.run_id = r.run_id;

comment on view smartengage.run_reconciliation is 'A row per run: every candidate is accounted for, and every message. candidates = messages + ghosts + refused; messages = sent + expired + refused_at_claim + failed + in_doubt + waiting.';
comment on column smartengage.run_reconciliation.run_id is 'The run.';
comment on column smartengage.run_reconciliation.campaign_id is 'Its campaign.';
comment on column smartengage.run_reconciliation.trigger_key is 'What asked for it.';
comment on column smartengage.run_reconciliation.planned_at is 'The instant it was planned for.';
comment on column smartengage.run_reconciliation.candidates is 'People and services due, counted before deciding.';
comment on column smartengage.run_reconciliation.messages is 'Outcomes that are messages.';
comment on column smartengage.run_reconciliation.ghosts is 'Outcomes held out.';
comment on column smartengage.run_reconciliation.refused is 'Outcomes refused when planned.';
comment on column smartengage.run_reconciliation.sent is 'Accepted by a provider.';
comment on column smartengage.run_reconciliation.in_doubt is 'Handed over, answer lost.';
comment on column smartengage.run_reconciliation.expired is 'No longer useful when they could have gone.';
comment on column smartengage.run_reconciliation.refused_at_claim is 'Refused by a gate at the moment of sending.';
comment on column smartengage.run_reconciliation.failed is 'Refused for good by a provider, or retries used up.';
comment on column smartengage.run_reconciliation.waiting is 'Scheduled or claimed.';
comment on column smartengage.run_reconciliation.identity_holds is 'Whether both sums are right.';
