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
      and coalesce(e.attempt = d.attempt, e.source = d.adapter and e.provider_id = d.provider_id, false));
end;

comment on function outreach.is_returned(uuid, int) is
$$Whether the provider gave this sending back: took it over, then told that it was not delivered and will not be. The only proof by which an accepted sending is released.$$;
