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
  -- Grouped by state first: there are many messages and few states.
  select x.run_id, x.state, count(*) as n
  from outreach.message x
  where x.run_id is not null
  group by x.run_id, x.state
) m
group by m.run_id;

comment on view outreach.run_message_counts is 'The messages of each run by their current state; one row per run with messages.';
comment on column outreach.run_message_counts.run_id is 'smartengage.run.';
comment on column outreach.run_message_counts.messages is 'Messages without ghosts.';
comment on column outreach.run_message_counts.ghosts is 'Ghosts: planned messages of the holdout, never sent.';
comment on column outreach.run_message_counts.sent is 'Accepted by the provider, in whatever state now.';
comment on column outreach.run_message_counts.in_doubt is 'The provider''s answer was lost.';
comment on column outreach.run_message_counts.expired is 'No longer useful when they could be sent.';
comment on column outreach.run_message_counts.refused_at_claim is 'Refused by a gate at the claim.';
comment on column outreach.run_message_counts.failed is 'Permanently refused by the provider, or out of retries.';
comment on column outreach.run_message_counts.waiting is 'State scheduled or claimed.';
