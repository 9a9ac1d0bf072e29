create or replace view outreach.run_message_counts as
select
  m.run_id,
  coalesce(sum(m.n) filter (where m.state <> 'ghost'), 0)::bigint as messages,
  coalesce(sum(m.n) filter (where m.state = 'ghost'), 0)::bigint as ghosts,
  coalesce(sum(m.n) filter (where m.state in ('sent', 'delivered', 'opened', 'clicked', 'booked', 'bounced')), 0)::bigint as sent,
  coalesce(sum(m.n) filter (where m.state = 'in_doubt'), 0)::bigint as in_doubt,
  coalesce(sum(m.n) filter (where m.state = 'expired'), 0)::bigint as expired,
  coalesce(sum(m.n) filter (where m.state = 'refused'), 0)::bigint as refused_at_claim,
  coalesce(sum(m.n) filter (where m.state = 'failed'), 0)::bigint as failed,
  coalesce(sum(m.n) filter (where m.state in ('scheduled', 'claimed')), 0)::bigint as waiting
from (
  -- Counted by state first: there are many messages and few states.
  select x.run_id, x.state, count(*) as n
  from outreach.message x
  where x.run_id is not null
  group by x.run_id, x.state
) m
group by m.run_id;

comment on view outreach.run_message_counts is 'Where the messages of each run are now; a row per run that made any.';
comment on column outreach.run_message_counts.run_id is 'smartengage.run.';
comment on column outreach.run_message_counts.messages is 'Messages, ghosts not counted.';
comment on column outreach.run_message_counts.ghosts is 'Holdout: planned, never sent.';
comment on column outreach.run_message_counts.sent is 'Accepted by the provider, whatever came after.';
comment on column outreach.run_message_counts.in_doubt is 'Handed over, answer lost.';
comment on column outreach.run_message_counts.expired is 'No longer useful when they could have gone.';
comment on column outreach.run_message_counts.refused_at_claim is 'Refused by a gate at the moment of sending.';
comment on column outreach.run_message_counts.failed is 'Refused for good by the provider, or retries used up.';
comment on column outreach.run_message_counts.waiting is 'Scheduled or claimed.';
