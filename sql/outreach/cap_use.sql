create or replace function outreach.cap_use(
  p_user_id uuid, p_channel text, p_purpose text, p_at timestamptz, p_forecast boolean default false)
returns table (cap text, cap_version int, max_messages int, window_hours int, used int, frees_at timestamptz)
language sql stable parallel safe
begin atomic
  select
    c.cap, c.version, c.max_messages, c.window_hours, u.used,
    case
      when c.max_messages is null or u.used < c.max_messages then p_at
      when c.max_messages = 0 then 'infinity'
      else u.sent[c.max_messages] + make_interval(hours => c.window_hours)
    end
  from policy.cap c
  cross join lateral (
    select count(*)::int as used, array_agg(t.sent_at order by t.sent_at desc) as sent
    from (
      select d.sent_at
      from outreach.delivery d
      where d.user_id = p_user_id
        and d.purpose = p_purpose
        and d.counts
        and d.state <> 'released'
        and (c.channel is null or d.channel = c.channel)
        and d.sent_at > p_at - make_interval(hours => c.window_hours)
      union all
      select m.due_at
      from outreach.message m
      where p_forecast
        and m.user_id = p_user_id
        and m.purpose = p_purpose
        and m.counts
        and m.state = 'scheduled'
        and (c.channel is null or m.channel = c.channel)
        and m.due_at > p_at - make_interval(hours => c.window_hours)
    ) t
  ) u
  where c.purpose = p_purpose
    and (c.channel is null or c.channel = p_channel)
    and c.valid_at @> p_at;
end;

comment on function outreach.cap_use(uuid, text, text, timestamptz, boolean) is
$$How far each cap in force is used up by a person at an instant: one row per cap that binds the channel and purpose.
used: messages claimed, in doubt, sent or bounced within the rolling window (with p_forecast also those waiting, at their due time). frees_at: when one more may go, p_at if at once, infinity if never (limit 0).
No row at all means that no cap is in force, and then nothing may be sent. Limit null = no limit.$$;
