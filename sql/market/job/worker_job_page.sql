create or replace function market.worker_job_page(p_worker_id uuid, p_statuses text[], p_cursor text, p_limit int, p_at timestamptz)
returns jsonb
language plpgsql stable parallel safe
set search_path = ''
as $$
declare
  v_at timestamptz;
  v_id uuid;
  v_page jsonb;
begin
  select c.at, c.id into v_at, v_id from edge.cursor_position(p_cursor) c;
  with found as (
    -- Each way to a job has an index of its own.
    (select j.booking_id, j.scheduled_at, j.document
     from market.worker_job j
     where j.worker_id = p_worker_id
       and j.status = any (p_statuses)
       and (v_at is null or (j.scheduled_at, j.booking_id) > (v_at, v_id))
     order by j.scheduled_at, j.booking_id
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
    select f.booking_id, f.scheduled_at, f.document
    from found f
    order by f.scheduled_at, f.booking_id
    limit p_limit + 1
  )
  select edge.page(
    array_agg(g.scheduled_at order by g.scheduled_at, g.booking_id),
    array_agg(g.booking_id order by g.scheduled_at, g.booking_id),
    array_agg(g.document order by g.scheduled_at, g.booking_id),
    p_limit)
  into v_page
  from page g;
  return v_page;
end;
$$;

comment on function market.worker_job_page(uuid, text[], text, int, timestamptz) is
$$A page of a worker's jobs by time, the earliest first: {items, next_cursor}; next_cursor null = that was all.
p_statuses: of bookings. pending = on offer: nobody's yet, of the worker's categories, to come, and at a time when the worker is free.$$;
