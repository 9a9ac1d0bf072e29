create or replace function outreach.apply_message_events(p_event_ids uuid[], p_at timestamptz)
returns void
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_judged uuid[];
begin
  with events as materialized (
    select e.message_id, e.kind
    from outreach.message_event e
    where e.event_id = any (p_event_ids)
      and e.message_id is not null
      and not e.is_machine
      and e.bounce is distinct from 'vacation'
      -- Events of a released delivery are ignored: the message may be scheduled again.
      and not exists (
        select
        from outreach.delivery d
        where d.message_id = e.message_id
          and d.state = 'released'
          and outreach.is_event_of_delivery(e, d))
      and outreach.message_state_rank(e.kind) is not null
  ),
  furthest as (
    select distinct on (t.message_id) t.message_id, t.kind
    from events t
    order by t.message_id, outreach.message_state_rank(t.kind) desc
  ),
  advanced as (
    update outreach.message m
    set state = f.kind, state_at = p_at
    from furthest f
    where m.message_id = f.message_id
      and outreach.message_state_rank(m.state) >= outreach.message_state_rank('claimed')
      and outreach.message_state_rank(f.kind) > outreach.message_state_rank(m.state)
  )
  -- A receipt settles a delivery in doubt; a bounce marks it whatever other events say, in any order.
  update outreach.delivery d
  set state = case when f.bounced then 'bounced' else 'accepted' end, settled_at = coalesce(d.settled_at, p_at)
  from (
    select t.message_id, bool_or(t.kind = 'bounced') as bounced
    from events t
    group by t.message_id
  ) f
  where d.message_id = f.message_id
    and (d.state in ('claimed', 'in_doubt') or d.state = 'accepted' and f.bounced);

  -- Opens, clicks and bookings could only lift a suppression for soft bounces: not worth the query for each.
  select array_agg(distinct e.message_id) into v_judged
  from outreach.message_event e
  where e.event_id = any (p_event_ids)
    and e.message_id is not null
    and e.kind in ('bounced', 'complained', 'delivered');
  if v_judged is not null then
    perform outreach.update_suppressions(v_judged, p_at);
  end if;

  if exists (select from outreach.message_event e where e.event_id = any (p_event_ids) and e.kind = 'returned') then
    perform outreach.release_returned(p_event_ids, p_at);
  end if;
end;
$$;

comment on function outreach.apply_message_events(uuid[], timestamptz) is
$$Applies recorded events to their messages, which the caller has locked.
A message advances to the furthest state, never back. A delivery in doubt is settled; a bounce marks the delivery.
Bounces and complaints may suppress the address (outreach.update_suppressions). A returned delivery is released
(outreach.release_returned). Machine events and vacation replies change nothing.$$;
