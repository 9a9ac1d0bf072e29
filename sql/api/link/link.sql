create or replace function api.link(p_token text)
returns jsonb
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_link outreach.link := outreach.link_by_key(p_token);
begin
  if not exists (select from outreach.message m where m.message_id = v_link.message_id and m.service_id is not null) then
    raise exception 'This link is not for a booking' using errcode = 'SH404';
  end if;
  if v_link.booking_id is null and v_link.book_until < clock.now() then
    raise exception 'The link has expired' using errcode = 'SH410';
  end if;
  return (
    select jsonb_build_object(
      'status', case when v_link.booking_id is null then 'open' else 'booked' end,
      'language', coalesce(t.language, p.language),
      'greeting', text.salutation(p.full_name, p.address_form, p.greeting, coalesce(t.language, p.language)),
      'service', jsonb_build_object(
        'service_id', s.service_id, 'code', s.code, 'category', s.category, 'name_bn', s.name_bn, 'name_en', s.name_en,
        'price_poisha', s.price_poisha, 'duration_minutes', s.duration_minutes),
      'suggested_at', outreach.next_suggested_booking_time(m.suggested_at, clock.now()),
      'add_ons', coalesce((
        select jsonb_agg(a || jsonb_build_object('suggested', (a ->> 'add_on_id')::uuid = any (m.add_on_ids)))
        from jsonb_array_elements(market.add_ons(s.service_id)) a), '[]'),
      'price_poisha', s.price_poisha + coalesce((
        select sum(a.price_poisha) from market.add_on a where a.add_on_id = any (m.add_on_ids) and a.active), 0),
      'book_until', v_link.book_until,
      'booking', market.booking_summary(v_link.booking_id),
      -- A visit after the booking is not attributed to the message.
      'utm', case when v_link.booking_id is null then (
        select jsonb_strip_nulls(to_jsonb(u) - 'message_id')
        from smartengage.message_utm u
        where u.message_id = v_link.message_id) end)
    from outreach.message m
    join account.person p on p.user_id = m.user_id
    join market.service s on s.service_id = m.service_id
    left join text.template t on t.template_id = m.template_id
    where m.message_id = v_link.message_id);
end;
$$;

comment on function api.link(text) is
$$The suggested booking behind a link in a message.
Needs no sign-in and changes nothing. Suggested time and add-ons may be changed when booking. `status` booked: the link was used,
and `booking` has the result. `utm`: the origin of the visit for web analytics; browsers are redirected to the address with these
values.
Errors: SH404 no such link, or its message is about no service; SH410 the link has expired.$$;
