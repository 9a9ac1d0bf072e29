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

comment on view smartengage.run_reconciliation is
$$A row per run: every candidate and every message is accounted for.
candidates = messages + ghosts + refused; messages = sent + expired + refused_at_claim + failed + in_doubt + waiting.$$;
comment on column smartengage.run_reconciliation.run_id is 'The run.';
comment on column smartengage.run_reconciliation.campaign_id is 'Its campaign.';
comment on column smartengage.run_reconciliation.trigger_key is 'Key of the request; a key plans once.';
comment on column smartengage.run_reconciliation.planned_at is 'The instant it was planned for.';
comment on column smartengage.run_reconciliation.candidates is 'Candidates, counted before deciding.';
comment on column smartengage.run_reconciliation.messages is 'Candidates that got a message.';
comment on column smartengage.run_reconciliation.ghosts is 'Candidates held out.';
comment on column smartengage.run_reconciliation.refused is 'Candidates refused at planning.';
comment on column smartengage.run_reconciliation.sent is 'Messages accepted by a provider.';
comment on column smartengage.run_reconciliation.in_doubt is 'Messages handed over whose answer was lost.';
comment on column smartengage.run_reconciliation.expired is 'Messages whose useful_until passed before they could be sent.';
comment on column smartengage.run_reconciliation.refused_at_claim is 'Messages refused by a gate at the claim.';
comment on column smartengage.run_reconciliation.failed is 'Messages refused permanently by a provider, or out of retries.';
comment on column smartengage.run_reconciliation.waiting is 'Messages scheduled or claimed.';
comment on column smartengage.run_reconciliation.identity_holds is 'Whether both sums hold.';
