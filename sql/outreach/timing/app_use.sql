create or replace function outreach.app_use(p_at timestamptz)
returns table (user_id uuid, used_at timestamptz)
language sql stable parallel safe
begin atomic
  select b.customer_id, b.created_at
  from market.booking b
  where b.created_at < p_at
    and b.source <> 'admin'
  union all
  select m.user_id, e.happened_at
  from outreach.message_event e
  join outreach.message m on m.message_id = e.message_id
  where e.kind in ('opened', 'clicked')
    and not e.is_machine
    and e.happened_at < p_at;
end;

comment on function outreach.app_use(timestamptz) is
$$When people used the app or a message before an instant; one row per use.
A use is a booking that the customer made (not an admin), or an open or click of a message by a person (not a machine).$$;
