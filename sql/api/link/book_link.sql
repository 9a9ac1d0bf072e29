create or replace function api.book_link(p_token text, p_scheduled_at timestamptz default null, p_add_on_ids uuid[] default null)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_link outreach.link := outreach.link_by_key(p_token);
  v_message outreach.message;
  v_booking_id uuid;
begin
  -- Lock order: person, message, booking. The link is read again under the lock, as it may have been used meanwhile.
  perform account.lock_person(v_link.user_id);
  select m.* into v_message from outreach.message m where m.message_id = v_link.message_id for update;
  v_link := outreach.link_by_key(p_token);
  if v_link.booking_id is not null then
    return market.booking_summary(v_link.booking_id);
  end if;
  if v_message.service_id is null then
    raise exception 'This link is not for a booking' using errcode = 'SH404';
  end if;
  if v_link.book_until < clock.now() then
    raise exception 'The link has expired' using errcode = 'SH410';
  end if;
  if exists (
    select
    from account.person p
    where p.user_id = v_link.user_id
      and (p.disabled_at is not null or p.erased_at is not null)) then
    raise exception 'The link has expired' using errcode = 'SH410';
  end if;
  v_booking_id := market.create_booking(
    v_link.user_id, v_message.service_id,
    coalesce(p_scheduled_at, outreach.next_suggested_booking_time(v_message.suggested_at, clock.now())),
    -- A suggested add-on that is no longer offered is dropped; a requested one raises.
    coalesce(
      p_add_on_ids,
      array(select a.add_on_id from market.add_on a where a.add_on_id = any (v_message.add_on_ids) and a.active)),
    'link', clock.now());
  update outreach.link l
  set booking_id = v_booking_id, booked_at = clock.now()
  where l.message_id = v_link.message_id;
  perform outreach.record_message_events('attribution', jsonb_build_array(jsonb_build_object(
    'message_id', v_link.message_id, 'kind', 'booked', 'source_event_id', v_booking_id,
    'detail', jsonb_build_object('booking_id', v_booking_id))), clock.now());
  return market.booking_summary(v_booking_id);
end;
$$;

comment on function api.book_link(text, timestamptz, uuid[]) is
$$Books through a link in a message, once.
Without a time or add-ons the suggested ones are used; an empty list means no add-ons. A second call returns the same booking.
Errors: SH404 no such link, or its message is about no service; SH410 the link has expired;
SH422 a time that is not within the next 180 days, or an add-on that the service does not have.$$;
