create or replace function market.review_booking(p_customer_id uuid, p_booking_id uuid, p_rating int, p_body text, p_at timestamptz)
returns jsonb
language plpgsql volatile parallel unsafe
set search_path = ''
as $$
declare
  v_status text;
  v_review market.review;
  v_body text := nullif(btrim(normalize(p_body, nfc), E' \t\r\n'), '');
begin
  -- The booking's row lines up two reviews at once.
  select b.status into v_status
  from market.booking b
  where b.booking_id = p_booking_id
    and b.customer_id = p_customer_id
  for update;
  if not found then
    raise exception 'There is no such booking of yours' using errcode = 'SH404', detail = p_booking_id::text;
  end if;
  if v_status <> 'completed' then
    raise exception 'Only a completed booking can be reviewed' using errcode = 'SH409', detail = v_status;
  end if;
  select r.* into v_review from market.review r where r.booking_id = p_booking_id;
  if found and (v_review.rating, v_review.body) is distinct from (p_rating, v_body) then
    raise exception 'The booking has been reviewed' using errcode = 'SH409', hint = 'A review is given once.';
  end if;
  insert into market.review (booking_id, rating, body, created_at)
  values (p_booking_id, p_rating, v_body, p_at)
  on conflict (booking_id) do nothing;
  return (select d.document -> 'review' from market.customer_booking d where d.booking_id = p_booking_id);
end;
$$;

comment on function market.review_booking(uuid, uuid, int, text, timestamptz) is
$$The customer's word on a completed booking, once; the same word again changes nothing.
Result: {booking_id, rating, body, created_at}. Errors: SH404 no such booking of the customer; SH409 not completed, or reviewed otherwise already.$$;
