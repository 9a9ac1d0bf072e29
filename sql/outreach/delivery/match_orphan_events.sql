create or replace function outreach.match_orphan_events(p_provider_ids text[], p_at timestamptz)
returns int
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_event_ids uuid[];
begin
  with found as materialized (
    select e.event_id, m.message_id
    from outreach.message_event e
    join outreach.delivery d on d.adapter = e.source and d.provider_id = e.provider_id
    join outreach.message m on m.message_id = d.message_id
    where e.message_id is null
      and e.provider_id is not null
      and (p_provider_ids is null or e.provider_id = any (p_provider_ids))
      and e.recorded_at >= p_at - make_interval(days => (select policy.number('receipt.wait', p_at))::int)
    order by m.message_id
    -- Locked messages are left to the next sweep.
    for update of m skip locked
  ),
  matched as (
    update outreach.message_event e
    set message_id = f.message_id
    from found f
    where e.event_id = f.event_id
      and e.message_id is null
    returning e.event_id
  )
  select array_agg(m.event_id) into v_event_ids from matched m;
  if v_event_ids is null then
    return 0;
  end if;
  perform outreach.apply_message_events(v_event_ids, p_at);
  return cardinality(v_event_ids);
end;
$$;

comment on function outreach.match_orphan_events(text[], timestamptz) is
$$Assigns events that are known only by the provider's id to their messages, and applies them (outreach.apply_message_events).
Such events arrived before the delivery had that id; they are tried for receipt.wait days.
p_provider_ids: only these ids; null = all. Called when outcomes are recorded, and by each sweep.
Result: number assigned. Idempotent.$$;
