create or replace view outreach.run_figures as
select
  m.run_id,
  count(*) filter (where m.state <> 'ghost') as messages,
  count(*) filter (where m.state = 'ghost') as ghosts,
  count(*) filter (where m.state in ('sent', 'delivered', 'opened', 'clicked', 'booked', 'bounced')) as sent,
  count(*) filter (where m.state = 'in_doubt') as in_doubt,
  count(*) filter (where m.state = 'expired') as expired,
  count(*) filter (where m.state = 'refused') as refused_at_claim,
  count(*) filter (where m.state = 'failed') as failed,
  count(*) filter (where m.state in ('scheduled', 'claimed')) as waiting
from outreach.message m
where m.run_id is not null
group by m.run_id;

comment on view outreach.run_figures is 'Where the messages of each run are now; a row per run that made any.';
comment on column outreach.run_figures.run_id is 'smartengage.run.';
comment on column outreach.run_figures.messages is 'Messages, ghosts not counted.';
comment on column outreach.run_figures.ghosts is 'Holdout: planned, never sent.';
comment on column outreach.run_figures.sent is 'Accepted by the provider, whatever came after.';
comment on column outreach.run_figures.in_doubt is 'Handed over, answer lost.';
comment on column outreach.run_figures.expired is 'No longer useful when they could have gone.';
comment on column outreach.run_figures.refused_at_claim is 'Refused by a gate at the moment of sending.';
comment on column outreach.run_figures.failed is 'Refused for good by the provider, or retries used up.';
comment on column outreach.run_figures.waiting is 'Scheduled or claimed.';
