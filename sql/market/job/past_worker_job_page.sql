create or replace function market.past_worker_job_page(p_worker_id uuid, p_statuses text[], p_cursor text, p_limit int)
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
  with page as (
    select j.booking_id, j.scheduled_at, j.document
    from market.worker_job j
    where j.worker_id = p_worker_id
      and j.status = any (p_statuses)
      and (v_at is null or (j.scheduled_at, j.booking_id) < (v_at, v_id))
    order by j.scheduled_at desc, j.booking_id desc
    limit p_limit + 1
  )
  select edge.page(
    array_agg(g.scheduled_at order by g.scheduled_at desc, g.booking_id desc),
    array_agg(g.booking_id order by g.scheduled_at desc, g.booking_id desc),
    array_agg(g.document order by g.scheduled_at desc, g.booking_id desc),
    p_limit)
  into v_page
  from page g;
  return v_page;
end;
$$;

comment on function market.past_worker_job_page(uuid, text[], text, int) is
$$A page of what a worker has done or lost, the latest first: {items, next_cursor}; next_cursor null = that was all.
p_statuses: of bookings.$$;
