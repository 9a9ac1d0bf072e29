create or replace function outreach.is_returned(p_message_id uuid, p_attempt int)
returns boolean
language sql stable parallel safe
begin atomic
  select exists (
    select
    from outreach.delivery d
    join outreach.message_event e on e.message_id = d.message_id
    where d.message_id = p_message_id
      and d.attempt = p_attempt
      and e.kind = 'returned'
      and outreach.is_event_of_delivery(e, d));
end;

comment on function outreach.is_returned(uuid, int) is
$$Whether the provider returned a delivery: it accepted it, then reported that it was not delivered and will not be.
Only such an accepted delivery may be released.$$;
