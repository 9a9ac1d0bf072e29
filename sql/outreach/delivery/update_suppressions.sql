create or replace function outreach.update_suppressions(p_message_ids uuid[], p_at timestamptz)
returns void
language plpgsql volatile parallel unsafe
set search_path = ''
as $$
begin
  perform 1
  from account.contact c
  where (c.user_id, c.channel) in (
    select m.user_id, m.channel from outreach.message m where m.message_id = any (p_message_ids))
  order by c.user_id, c.channel
  for update;

  -- A later statement than the lock, so it sees what was recorded of the same address before it.
  with address as materialized (
    select distinct c.user_id, c.channel, coalesce(c.verified_at, '-infinity') as since
    from outreach.message m
    join account.contact c on c.user_id = m.user_id and c.channel = m.channel
    where m.message_id = any (p_message_ids)
  ),
  told as (
    select a.user_id, a.channel, e.message_id, e.kind, e.bounce, e.happened_at
    from address a
    join outreach.delivery d on d.user_id = a.user_id and d.channel = a.channel and d.sent_at >= a.since
    join outreach.message_event e on e.message_id = d.message_id
    where not e.is_machine
      and e.kind in ('bounced', 'complained', 'delivered', 'opened', 'clicked', 'booked')
  ),
  -- Arrivals so far: bounces with the same number have none between them.
  numbered as (
    select t.*,
      count(*) filter (where t.kind not in ('bounced', 'complained'))
        over (partition by t.user_id, t.channel order by t.happened_at) as arrivals
    from told t
  ),
  runs as (
    select
      n.user_id, n.channel,
      bool_or(n.kind = 'complained') as complained,
      bool_or(n.bounce is not distinct from 'hard') as hard,
      -- A sending bounces once, however often and by however many ways that is told.
      count(distinct n.message_id) filter (where n.bounce = 'soft') as soft
    from numbered n
    group by n.user_id, n.channel, n.arrivals
  ),
  verdict as (
    select
      a.user_id, a.channel,
      case
        when bool_or(r.complained) then 'complaint'
        when bool_or(r.hard) then 'hard_bounce'
        when max(r.soft) >= (select policy.number('bounce.soft_limit', p_at)) then 'soft_bounces'
      end as reason
    from address a
    left join runs r on r.user_id = a.user_id and r.channel = a.channel
    group by a.user_id, a.channel
  )
  update account.contact c
  set suppressed_at = case when v.reason is not null then coalesce(c.suppressed_at, p_at) end,
      suppressed_reason = v.reason
  from verdict v
  where c.user_id = v.user_id
    and c.channel = v.channel
    and c.suppressed_reason is distinct from v.reason
    -- What a person or the provider's refusal suppressed is not ours to lift; a harder word replaces a softer one.
    and case c.suppressed_reason
          when 'soft_bounces' then true
          when 'hard_bounce' then v.reason = 'complaint'
          else c.suppressed_reason is null
        end;
end;
$$;

comment on function outreach.update_suppressions(uuid[], timestamptz) is
$$Suppresses the addresses that these messages went to, by all that was told since they were verified: a complaint or a hard bounce at once; bounce.soft_limit sendings that bounced softly with no arrival between them; a full mailbox or a vacation reply never.
It depends on what happened, not on the order in which it was told: an arrival told late may lift a suppression for soft bounces again.$$;
