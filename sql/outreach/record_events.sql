create or replace function outreach.record_events(p_source text, p_events jsonb, p_at timestamptz)
returns int
language plpgsql volatile parallel unsafe
set search_path = ''
as $$
declare
  v_recorded int;
begin
  perform 1
  from outreach.message m
  where m.message_id in (select (e ->> 'message_id')::uuid from jsonb_array_elements(p_events) e)
  order by m.message_id
  for update;

  with told as materialized (
    insert into outreach.event (message_id, kind, happened_at, recorded_at, source, source_event_id, is_machine, detail)
    select
      m.message_id, e.kind, coalesce(e.happened_at, p_at), p_at, p_source, e.source_event_id,
      coalesce(e.is_machine, false), coalesce(e.detail, '{}') || case when m.message_id is null then jsonb_build_object('message_id', e.message_id) else '{}' end
    from jsonb_to_recordset(p_events) as e (
      message_id uuid, kind text, happened_at timestamptz, source_event_id text, is_machine boolean, detail jsonb)
    left join outreach.message m on m.message_id = e.message_id and m.state <> 'ghost'
    on conflict (source, source_event_id) do nothing
    returning message_id, kind, is_machine
  ),
  furthest as (
    select distinct on (t.message_id) t.message_id, t.kind
    from told t
    where t.message_id is not null
      and not t.is_machine
      and outreach.state_rank(t.kind) is not null
    order by t.message_id, outreach.state_rank(t.kind) desc
  ),
  advanced as (
    update outreach.message m
    set state = f.kind, state_at = p_at
    from furthest f
    where m.message_id = f.message_id
      and outreach.state_rank(m.state) >= outreach.state_rank('claimed')
      and outreach.state_rank(f.kind) > outreach.state_rank(m.state)
    returning m.message_id
  ),
  -- A receipt for a sending in doubt settles it; a bounce is noted whatever the readers of its copies did, in any order.
  settled as (
    update outreach.delivery d
    set state = case when f.bounced then 'bounced' else 'accepted' end, settled_at = coalesce(d.settled_at, p_at)
    from (
      select t.message_id, bool_or(t.kind = 'bounced') as bounced
      from told t
      where t.message_id is not null
        and not t.is_machine
        and outreach.state_rank(t.kind) is not null
      group by t.message_id
    ) f
    where d.message_id = f.message_id
      and (d.state in ('claimed', 'in_doubt') or d.state = 'accepted' and f.bounced)
  )
  select count(*) into v_recorded from told;
  return v_recorded;
end;
$$;

comment on function outreach.record_events(text, jsonb, timestamptz) is
$$Receipts and what readers did, in any order and as often as they are told: each event (source, source_event_id) counts once, the message advances to the furthest, never back; a machine's event is kept but advances nothing; one for an unknown message waits without it.
p_events: array, see jobs.record_events. Result: how many were new.$$;
