create or replace function outreach.cap_usage(
  p_user_id uuid, p_channel text, p_purpose text, p_at timestamptz, p_forecast boolean default false,
  p_known_then boolean default false)
returns table (
  cap text, cap_version int, max_messages int, window_hours int, used int, message_ids uuid[], frees_at timestamptz)
language sql stable parallel safe
begin atomic
  select
    c.cap, c.version, c.max_messages, c.window_hours, u.used, u.message_ids,
    case
      when c.max_messages is null or u.used < c.max_messages then p_at
      when c.max_messages = 0 then 'infinity'
      else u.sent[c.max_messages] + make_interval(hours => c.window_hours)
    end
  from policy.cap c
  cross join lateral (
    -- Of these three a query computes those that it asks for: the claim never collects the ids.
    select
      count(*)::int as used,
      coalesce(array_agg(t.message_id order by t.sent_at desc, t.message_id), '{}') as message_ids,
      array_agg(t.sent_at order by t.sent_at desc) as sent
    from (
      select d.message_id, d.channel, d.sent_at
      from outreach.delivery d
      where d.user_id = p_user_id
        and d.purpose = p_purpose
        and d.takes_slot
        and d.state <> 'released'
        and (d.sent_at <= p_at or not p_known_then)
      union all
      select w.message_id, w.channel, w.due_at
      from outreach.pending_messages(p_user_id, p_at, p_known_then) w
      where p_forecast
        and w.purpose = p_purpose
        and w.takes_slot
    ) t
    where (c.channel is null or t.channel = c.channel)
      and t.sent_at > p_at - make_interval(hours => c.window_hours)
  ) u
  where c.purpose = p_purpose
    and (c.channel is null or c.channel = p_channel)
    and c.valid_at @> p_at;
end;

comment on function outreach.cap_usage(uuid, text, text, timestamptz, boolean, boolean) is
$$How far each cap in force is used up by a person at an instant: one row per cap that binds the channel and purpose.
used: messages claimed, in doubt, sent or bounced within the rolling window (with p_forecast also those waiting, at their due time); message_ids: which, the latest first. frees_at: when one more may go, p_at if at once, infinity if never (limit 0).
p_known_then: as it was at an instant of the past, for explaining: nothing after p_at counts, and what waited then waits. A claim asks without: it must also count what a rival has just committed, later by its own clock.
No row at all means that no cap is in force, and then nothing may be sent. Limit null = no limit.$$;
