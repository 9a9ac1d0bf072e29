create or replace function market.customer_booking_page(p_customer_id uuid, p_statuses text[], p_cursor text, p_limit int)
returns jsonb
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_at timestamptz;
  v_id uuid;
  v_page jsonb;
begin
  select c.at, c.id into v_at, v_id from edge.cursor_position(p_cursor) c;
  with page as (
    select b.booking_id, b.created_at, b.document
    from market.customer_booking b
    where b.customer_id = p_customer_id
      and (p_statuses is null or b.status = any (p_statuses))
      and (v_at is null or (b.created_at, b.booking_id) < (v_at, v_id))
    order by b.created_at desc, b.booking_id desc
    limit p_limit + 1
  )
  select edge.page(
    array_agg(g.created_at order by g.created_at desc, g.booking_id desc),
    array_agg(g.booking_id order by g.created_at desc, g.booking_id desc),
    array_agg(g.document order by g.created_at desc, g.booking_id desc),
    p_limit)
  into v_page
  from page g;
  return v_page;
end;
$$;

comment on function market.customer_booking_page(uuid, text[], text, int) is
$$A page of a customer's bookings, the newest first.
p_statuses: null = any. Result: {items, next_cursor}; next_cursor null = last page.$$;
