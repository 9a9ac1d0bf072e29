create or replace function market.record_app_events(p_user_id uuid, p_events jsonb, p_at timestamptz)
returns jsonb
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_latest timestamptz := p_at + make_interval(hours => policy.number('event.ahead', p_at)::int);
  v_earliest timestamptz := p_at - make_interval(days => policy.number('event.accept_for', p_at)::int);
  v_result jsonb;
begin
  -- The unique key of a partitioned table includes happened_at, so it does not stop an id that comes again with another
  -- instant. The lock serializes the batches of one person, so that the lookup below does.
  perform pg_advisory_xact_lock(hashtextextended(p_user_id::text, 13));
  with incoming as materialized (
    select t.event_id, t.kind, t.happened_at, coalesce(t.properties, '{}') as properties, t.n,
           -- Prefixed with the person, so that nobody can take the id of somebody else's event.
           p_user_id || '/' || t.event_id as external_id,
           case when t.happened_at > v_latest then 'in_future' when t.happened_at < v_earliest then 'too_old' end as refusal_reason
    from rows from (
      jsonb_to_recordset(p_events) as (event_id uuid, kind text, happened_at timestamptz, properties jsonb)
    ) with ordinality as t (event_id, kind, happened_at, properties, n)
  ),
  recorded as (
    insert into market.app_event (user_id, kind, happened_at, external_id, properties)
    select distinct on (i.external_id) p_user_id, i.kind, least(i.happened_at, p_at), i.external_id, i.properties
    from incoming i
    where i.refusal_reason is null
      and not exists (select from market.app_event e where e.external_id = i.external_id)
    order by i.external_id, i.n
    on conflict do nothing
    returning 1
  )
  select jsonb_build_object(
    'recorded', (select count(*) from recorded),
    'repeated', count(*) filter (where i.refusal_reason is null) - (select count(*) from recorded),
    'refused', coalesce(
      jsonb_agg(jsonb_build_object('event_id', i.event_id, 'reason', i.refusal_reason) order by i.n)
        filter (where i.refusal_reason is not null), '[]'))
  into v_result
  from incoming i;
  return v_result;
end;
$$;

comment on function market.record_app_events(uuid, jsonb, timestamptz) is
$$Records app events of a person, idempotently by the id that the client assigned, whatever instant comes with it.
An instant up to event.ahead hours in the future is stored as p_at. An event with a later one, or with one older than
event.accept_for days, is refused; the rest of the batch is recorded.
p_events: [{event_id, kind, happened_at, properties}].
Result: {recorded, repeated, refused: [{event_id, reason: in_future | too_old}]}.$$;
