create or replace function outreach.higher_priority_due(
  p_user_id uuid, p_purpose text, p_priority int, p_at timestamptz, p_without_hindsight boolean default false)
returns table (message_id uuid, due_at timestamptz)
language sql stable parallel safe
begin atomic
  select o.message_id, o.due_at
  from outreach.pending_messages(p_user_id, p_at, p_without_hindsight) o
  join policy.message_class c on c.message_class = o.message_class
  where o.purpose = p_purpose
    and c.priority < p_priority
    and o.due_at <= p_at + make_interval(hours => (select policy.number('look_ahead', p_at))::int)
    and o.useful_until >= p_at
    -- A held campaign reserves nothing.
    and not exists (
      select
      from outreach.campaign_hold h
      where h.campaign_id = o.campaign_id
        and (h.since <= p_at or not p_without_hindsight));
end;

comment on function outreach.higher_priority_due(uuid, text, int, timestamptz, boolean) is
$$The pending messages of a person with a higher priority (a lower number) that are due within the hours of rule look_ahead.
The last slot under a cap is reserved for them. p_without_hindsight: see outreach.cap_usage.$$;
