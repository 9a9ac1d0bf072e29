create or replace function outreach.cap_usage(
  p_user_id uuid, p_channel text, p_purpose text, p_at timestamptz, p_include_pending boolean default false,
  p_without_hindsight boolean default false)
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
    -- Unused columns are pruned, so the claim never aggregates ids.
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
        and (d.sent_at <= p_at or not p_without_hindsight)
      union all
      select w.message_id, w.channel, w.due_at
      from outreach.pending_messages(p_user_id, p_at, p_without_hindsight) w
      where p_include_pending
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
$$How far a person has used up each cap in force at p_at: one row per cap that binds the channel and purpose.
used: messages claimed, in doubt, sent or bounced within the rolling window; with p_include_pending also those pending, at due_at.
message_ids: which messages, the latest first. max_messages: null = no limit.
frees_at: when one more message may go; p_at if at once, infinity if never (max_messages 0).
p_without_hindsight: only what was known at p_at, for explaining the past: later deliveries are ignored, and messages pending then
are pending. Without it, concurrent commits with a later sent_at count too, as the claim needs.
Result: no row if no cap is in force; then nothing may be sent.$$;
