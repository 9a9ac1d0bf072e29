create or replace function outreach.higher_priority_due(
  p_user_id uuid, p_purpose text, p_priority int, p_at timestamptz, p_known_then boolean default false)
returns table (message_id uuid, due_at timestamptz)
language sql stable parallel safe
begin atomic
  select o.message_id, o.due_at
  from outreach.pending_messages(p_user_id, p_at, p_known_then) o
  join policy.message_class c on c.message_class = o.message_class
  where o.purpose = p_purpose
    and c.priority < p_priority
    and o.due_at <= p_at + make_interval(hours => (select policy.number('look_ahead', p_at))::int)
    and o.useful_until >= p_at
    -- Nobody waits for a campaign that is held.
    and not exists (
      select
      from outreach.campaign_hold h
      where h.campaign_id = o.campaign_id
        and (h.since <= p_at or not p_known_then));
end;

comment on function outreach.higher_priority_due(uuid, text, int, timestamptz, boolean) is
$$The messages of a higher class (a lower priority) that are due for a person soon (rule look_ahead) and may go: the last free place under a cap is left to them.
p_known_then: see outreach.cap_usage.$$;
