create or replace function outreach.cap_evidence(
  p_user_id uuid, p_channel text, p_purpose text, p_at timestamptz, p_forecast boolean default false)
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
    select
      count(*)::int as used,
      coalesce(array_agg(t.message_id order by t.sent_at desc, t.message_id), '{}') as message_ids,
      array_agg(t.sent_at order by t.sent_at desc) as sent
    from (
      select d.message_id, d.sent_at
      from outreach.delivery d
      where d.user_id = p_user_id
        and d.purpose = p_purpose
        and d.counts
        and d.state <> 'released'
        and (c.channel is null or d.channel = c.channel)
        and d.sent_at > p_at - make_interval(hours => c.window_hours)
        and d.sent_at <= p_at
      union all
      select m.message_id, m.due_at
      from outreach.waiting_at(p_user_id, p_at) m
      where p_forecast
        and m.purpose = p_purpose
        and m.counts
        and (c.channel is null or m.channel = c.channel)
        and m.due_at > p_at - make_interval(hours => c.window_hours)
    ) t
  ) u
  where c.purpose = p_purpose
    and (c.channel is null or c.channel = p_channel)
    and c.valid_at @> p_at;
end;

comment on function outreach.cap_evidence(uuid, text, text, timestamptz, boolean) is
$$outreach.cap_use with its evidence, for any instant: which messages used a cap up, the latest first, nothing after p_at counted. For explaining only: a claim must also count what a rival has just committed, later by its own clock.$$;
