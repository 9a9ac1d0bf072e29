create or replace function outreach.enqueue_wake_ups(p_channel text, p_ats timestamptz[])
returns int
language sql volatile parallel unsafe
begin atomic
  with minute as (
    -- At the end of the minute all messages of the minute are due.
    select date_bin('1 minute', a.at, 'epoch') + interval '1 minute' as at, count(*) as messages
    from unnest(p_ats) as a (at)
    where isfinite(a.at)
    group by 1
  ),
  job as (
    select m.at, format('deliver/%s/%s/%s', p_channel, extract(epoch from m.at)::bigint, part) as dedupe_key
    from minute m
    cross join generate_series(1, (m.messages + 99) / 100) as part
  )
  select queue.enqueue_many(
    'deliver',
    array_agg(jsonb_build_object('channel', p_channel) order by j.at, j.dedupe_key),
    array_agg(j.at order by j.at, j.dedupe_key),
    array_agg(j.dedupe_key order by j.at, j.dedupe_key))
  from job j
  having count(*) > 0;
end;

comment on function outreach.enqueue_wake_ups(text, timestamptz[]) is
$$Enqueues the wake-ups for messages of a channel that are due at the given instants: one queued job per 100 messages of a minute.
A wake-up only starts a claim; what is sent is decided by outreach.claim_messages. Result: number of queued jobs; null if none.$$;
