create or replace function market.review_booking(p_customer_id uuid, p_booking_id uuid, p_rating int, p_body text, p_at timestamptz)
returns jsonb
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_status text;
  v_review market.review;
  v_body text := nullif(btrim(normalize(p_body, nfc), E' \t\r\n'), '');
begin
  -- The row lock on the booking serializes concurrent reviews.
  select b.status into v_status
  from market.booking b
  where b.booking_id = p_booking_id
    and b.customer_id = p_customer_id
  for update;
  if not found then
    raise exception 'You have no such booking' using errcode = 'SH404', detail = p_booking_id::text;
  end if;
  if v_status <> 'completed' then
    raise exception 'Only a completed booking can be reviewed' using errcode = 'SH409', detail = v_status;
  end if;
  select r.* into v_review from market.review r where r.booking_id = p_booking_id;
  if found and (v_review.rating, v_review.body) is distinct from (p_rating, v_body) then
    raise exception 'The booking has already been reviewed' using errcode = 'SH409', hint = 'A review cannot be changed.';
  end if;
  insert into market.review (booking_id, rating, body, created_at)
  values (p_booking_id, p_rating, v_body, p_at)
  on conflict (booking_id) do nothing;
  return (select d.document -> 'review' from market.customer_booking d where d.booking_id = p_booking_id);
end;
$$;

comment on function market.review_booking(uuid, uuid, int, text, timestamptz) is
$$Stores the customer's review of a completed booking, once; the same review again changes nothing.
The body is normalized to NFC and trimmed; a blank body is null.
Result: {booking_id, rating, body, created_at}.
Errors: SH404 the customer has no such booking; SH409 it is not completed, or has another review.$$;
