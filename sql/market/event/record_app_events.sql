create or replace function market.record_app_events(p_user_id uuid, p_events jsonb, p_at timestamptz)
returns jsonb
language plpgsql volatile parallel unsafe
set search_path = ''
as $$
declare
  v_ahead timestamptz := p_at + make_interval(hours => policy.number('event.ahead', p_at)::int);
  v_late timestamptz := p_at - make_interval(days => policy.number('event.accept_for', p_at)::int);
  v_result jsonb;
begin
  -- The unique key holds the instant too, as it must in a partitioned table. That an id is taken once whatever instant
  -- it comes with needs the batches of one person to come one after the other.
  perform pg_advisory_xact_lock(hashtextextended(p_user_id::text, 13));
  with told as materialized (
    select t.event_id, t.kind, t.happened_at, coalesce(t.properties, '{}') as properties, t.n,
           -- A person's ids are their own: nobody can take another's.
           p_user_id || '/' || t.event_id as external_id,
           case when t.happened_at > v_ahead then 'in_future' when t.happened_at < v_late then 'too_old' end as fault
    from rows from (
      jsonb_to_recordset(p_events) as (event_id uuid, kind text, happened_at timestamptz, properties jsonb)
    ) with ordinality as t (event_id, kind, happened_at, properties, n)
  ),
  recorded as (
    insert into market.app_event (user_id, kind, happened_at, external_id, properties)
    select distinct on (t.external_id) p_user_id, t.kind, least(t.happened_at, p_at), t.external_id, t.properties
    from told t
    where t.fault is null
      and not exists (select from market.app_event e where e.external_id = t.external_id)
    order by t.external_id, t.n
    on conflict do nothing
    returning 1
  )
  select jsonb_build_object(
    'recorded', (select count(*) from recorded),
    'repeated', count(*) filter (where t.fault is null) - (select count(*) from recorded),
    'refused', coalesce(jsonb_agg(jsonb_build_object('event_id', t.event_id, 'reason', t.fault) order by t.n) filter (where t.fault is not null), '[]'))
  into v_result
  from told t;
  return v_result;
end;
$$;

comment on function market.record_app_events(uuid, jsonb, timestamptz) is
$$What a person did in the app, as their phone tells it: each event counts once by the id that the phone gave it, however often and with whatever instant it is told.
An instant ahead of ours by up to event.ahead is taken as now; one from beyond, or older than event.accept_for, is refused, and only that one.
p_events: [{event_id, kind, happened_at, properties}]. Result: {recorded, repeated, refused: [{event_id, reason: in_future | too_old}]}.$$;
