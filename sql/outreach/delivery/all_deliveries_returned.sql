create or replace function outreach.all_deliveries_returned(p_message_id uuid)
returns boolean
language sql stable parallel safe
begin atomic
  select coalesce(bool_or(r.was_returned) and bool_and(d.state = 'released' or r.was_returned), false)
  from outreach.delivery d
  cross join lateral (select outreach.is_returned(d.message_id, d.attempt) as was_returned) r
  where d.message_id = p_message_id;
end;

comment on function outreach.all_deliveries_returned(uuid) is
$$Whether the provider gave a sending of this message back, and no other sending of it counts still: the only proof by which a message that was sent is on its way again, or has failed.
By the sendings and not by the message's own attempt: one that somebody recorded by hand may have any number.$$;
