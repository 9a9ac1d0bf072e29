create or replace function market.personal_data(p_user_id uuid)
returns jsonb
language sql stable parallel safe
begin atomic
  select jsonb_build_object(
    'bookings', coalesce((
      select jsonb_agg(d.document || jsonb_build_object('external_id', b.external_id) order by d.created_at, d.booking_id)
      from market.customer_booking d
      join market.booking b on b.booking_id = d.booking_id
      where d.customer_id = p_user_id), '[]'),
    'worker', (
      select jsonb_build_object('categories', w.categories, 'zone', w.zone, 'started_at', w.started_at)
      from market.worker w where w.user_id = p_user_id),
    -- The customer's name is personal data of somebody else.
    'jobs', coalesce((
      select jsonb_agg(j.document - 'customer_name' order by j.scheduled_at, j.booking_id)
      from market.worker_job j where j.worker_id = p_user_id), '[]'),
    'events', coalesce((
      select jsonb_agg(jsonb_build_object(
        'external_id', e.external_id, 'kind', e.kind, 'happened_at', e.happened_at,
        'properties', e.properties) order by e.happened_at, e.event_id)
      from market.app_event e where e.user_id = p_user_id), '[]'));
end;

comment on function market.personal_data(uuid) is
$$The personal data of a person in this schema, for an export.
Result: {bookings (with reviews), worker (null if none), jobs (as a worker), events}.$$;
