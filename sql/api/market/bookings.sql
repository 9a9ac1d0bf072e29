create or replace function api.bookings(
  p_actor uuid, p_status text default null, p_cursor text default null, p_limit int default 20)
returns jsonb
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_person account.person := account.authenticate(p_actor, 'customer', clock.now());
begin
  return market.customer_booking_page(v_person.user_id, string_to_array(p_status, ','), p_cursor, p_limit);
end;
$$;

comment on function api.bookings(uuid, text, text, int) is
$$The caller's bookings, the newest first.
Filtered by `status` (several separated by commas).
In pages: `next_cursor` leads to the next, null = last page.
Errors: SH401 the session has ended; SH403 another role.$$;
