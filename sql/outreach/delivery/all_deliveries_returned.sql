create or replace function outreach.all_deliveries_returned(p_message_id uuid)
returns boolean
language sql stable parallel safe
begin atomic
  select coalesce(bool_or(r.is_returned) and bool_and(d.state = 'released' or r.is_returned), false)
  from outreach.delivery d
  cross join lateral (select outreach.is_returned(d.message_id, d.attempt) as is_returned) r
  where d.message_id = p_message_id;
end;

comment on function outreach.all_deliveries_returned(uuid) is
$$Whether the provider returned a delivery of a message, and every other delivery of it is returned or released.
Allows state sent to go back to scheduled, or to failed or expired.
Judged by the deliveries, not by message.attempt: a delivery recorded by hand may have any attempt number.$$;
