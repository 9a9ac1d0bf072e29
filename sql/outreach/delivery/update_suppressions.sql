create or replace function outreach.update_suppressions(p_message_ids uuid[], p_at timestamptz)
returns void
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
begin
  perform 1
  from account.contact c
  where (c.user_id, c.channel) in (
    select m.user_id, m.channel from outreach.message m where m.message_id = any (p_message_ids))
  order by c.user_id, c.channel
  for update;

  -- A later statement than the lock, so its snapshot includes events of the address committed before it.
  with address as materialized (
    select distinct c.user_id, c.channel, coalesce(c.verified_at, '-infinity') as since
    from outreach.message m
    join account.contact c on c.user_id = m.user_id and c.channel = m.channel
    where m.message_id = any (p_message_ids)
  ),
  address_events as (
    select a.user_id, a.channel, e.message_id, e.kind, e.bounce, e.happened_at
    from address a
    join outreach.delivery d on d.user_id = a.user_id and d.channel = a.channel and d.sent_at >= a.since
    join outreach.message_event e on e.message_id = d.message_id
    where not e.is_machine
      and e.kind in ('bounced', 'complained', 'delivered', 'opened', 'clicked', 'booked')
  ),
  -- Bounces with the same number of arrivals before them have no arrival between them.
  numbered as (
    select t.*,
      count(*) filter (where t.kind not in ('bounced', 'complained'))
        over (partition by t.user_id, t.channel order by t.happened_at) as arrivals
    from address_events t
  ),
  runs as (
    select
      n.user_id, n.channel,
      bool_or(n.kind = 'complained') as complained,
      bool_or(n.bounce is not distinct from 'hard') as hard,
      -- A delivery bounces once, even if reported several times.
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
    -- A suppression by the person or by a refusal is kept; a permanent reason overrides a temporary one.
    and case c.suppressed_reason
          when 'soft_bounces' then true
          when 'hard_bounce' then v.reason = 'complaint'
          else c.suppressed_reason is null
        end;
end;
$$;

comment on function outreach.update_suppressions(uuid[], timestamptz) is
$$Recomputes the suppression of the addresses that these messages went to, from all events since each address was verified.
A complaint or a hard bounce suppresses at once; soft bounces do if bounce.soft_limit deliveries bounced without an arrival
between them; a full mailbox or a vacation reply never does.
The result depends on the events, not on their order of recording: a late arrival may lift a suppression for soft bounces.$$;
