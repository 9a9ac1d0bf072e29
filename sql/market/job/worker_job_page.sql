create or replace function market.worker_job_page(p_worker_id uuid, p_statuses text[], p_cursor text, p_limit int, p_at timestamptz)
returns jsonb
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_at timestamptz;
  v_id uuid;
  v_is_past boolean := p_statuses <@ array['completed', 'cancelled'];
  v_page jsonb;
begin
  select c.at, c.id into v_at, v_id from edge.cursor_position(p_cursor) c;
  with found as (
    -- union all, so that each branch uses its own index and order.
    (select j.booking_id, j.scheduled_at, j.document
     from market.worker_job j
     where not v_is_past
       and j.worker_id = p_worker_id
       and j.status = any (p_statuses)
       and (v_at is null or (j.scheduled_at, j.booking_id) > (v_at, v_id))
     order by j.scheduled_at, j.booking_id
     limit p_limit + 1)
    union all
    (select j.booking_id, j.scheduled_at, j.document
     from market.worker_job j
     where v_is_past
       and j.worker_id = p_worker_id
       and j.status = any (p_statuses)
       and (v_at is null or (j.scheduled_at, j.booking_id) < (v_at, v_id))
     order by j.scheduled_at desc, j.booking_id desc
     limit p_limit + 1)
    union all
    (select j.booking_id, j.scheduled_at, j.document
     from market.worker_job j
     where 'pending' = any (p_statuses)
       and j.status = 'pending'
       and j.worker_id is null
       and j.scheduled_at > p_at
       and j.category = any ((select w.categories from market.worker w where w.user_id = p_worker_id)::text[])
       and not exists (
         select
         from market.booking o
         where o.worker_id = p_worker_id
           and o.status in ('confirmed', 'in_progress')
           and tstzrange(o.scheduled_at, o.ends_at) && tstzrange(j.scheduled_at, j.ends_at))
       and (v_at is null or (j.scheduled_at, j.booking_id) > (v_at, v_id))
     order by j.scheduled_at, j.booking_id
     limit p_limit + 1)
  ),
  page as (
    select
      f.booking_id, f.scheduled_at, f.document,
      row_number() over (order by f.scheduled_at, f.booking_id) * case when v_is_past then -1 else 1 end as position
    from found f
    order by position
    limit p_limit + 1
  )
  select edge.page(
    array_agg(g.scheduled_at order by g.position),
    array_agg(g.booking_id order by g.position),
    array_agg(g.document order by g.position),
    p_limit)
  into v_page
  from page g;
  return v_page;
end;
$$;

comment on function market.worker_job_page(uuid, text[], text, int, timestamptz) is
$$A page of a worker's bookings and of open bookings by scheduled_at: the earliest first, but the latest first if p_statuses are all
completed or cancelled.
p_statuses: of bookings; pending = open bookings without a worker, in the worker's categories, in the future, at a time when the
worker is free. Result: {items, next_cursor}; next_cursor null = last page.$$;
