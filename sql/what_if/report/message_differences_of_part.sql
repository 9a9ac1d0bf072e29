create or replace function what_if.message_differences_of_part(
  p_from timestamptz, p_until timestamptz, p_tried what_if.tried_policy, p_user_from uuid, p_user_until uuid)
returns table (
  user_id uuid, message_id uuid, segment text, difference text, before_at timestamptz, after_at timestamptz, reason text,
  bookings int)
language plpgsql stable parallel safe rows 100000
set search_path = pg_catalog, pg_temp
-- The replay returns many rows, which the planner cannot know: each is looked up by its key.
set enable_hashjoin = off
set enable_mergejoin = off
-- A process takes several parts: from the sixth call on a generic plan would be used, which took twenty times as long.
set plan_cache_mode = force_custom_plan
as $$
begin
  return query
  with replayed as materialized (
    select r.* from what_if.replay_history(p_from, p_until, p_tried, p_user_from, p_user_until) r
  ),
  judged as (
    select
      r.user_id, r.message_id, m.state, coalesce(r.before_at, d.sent_at) as before_at, r.sent_at as after_at, r.reason, c.segment,
      -- Gates that a later instant meets anew. Of an instant that is past, the answer is known.
      case
        when r.sent_at is null or r.sent_at <= coalesce(r.before_at, d.sent_at, p_from) then null
        when not exists (select from account.consent_at(r.user_id, m.channel, m.purpose, r.sent_at)) then 'no_consent'
        when m.kind = 'reminder' and exists (
          select
          from market.booking b
          where b.customer_id = r.user_id
            and b.service_id = m.service_id
            and b.status <> 'cancelled'
            and b.created_at >= m.planned_at
            and b.created_at < r.sent_at) then 'booked'
      end as stopped_by
    from replayed r
    left join outreach.delivery d
      on d.message_id = case when r.before_at is null then r.message_id end
     and d.state <> 'released'
    left join smartengage.candidate c on c.message_id = r.message_id
    -- Only of what would be sent, which is the smaller part: these rows are wide.
    left join outreach.message m on m.message_id = case when r.sent_at is not null then r.message_id end
  ),
  compared as (
    select
      j.*,
      case
        when j.after_at is null or j.stopped_by is not null then case when j.before_at is not null then 'no_longer' end
        when j.before_at is null then case when j.state <> 'failed' then 'newly' end
        when j.after_at > j.before_at then 'later'
        when j.after_at < j.before_at then 'earlier'
      end as difference
    from judged j
  )
  select
    g.user_id, g.message_id, g.segment, g.difference, g.before_at,
    case when g.difference <> 'no_longer' then g.after_at end,
    case when g.difference = 'no_longer' then coalesce(g.stopped_by, g.reason) end,
    case when g.difference in ('no_longer', 'later') then (
      select count(*)::int
      from outreach.message_event e
      where e.message_id = g.message_id
        and e.kind = 'booked'
        and not e.is_machine
        and (g.difference = 'no_longer' or e.happened_at < g.after_at))
    else 0 end
  from compared g
  where g.difference is not null;
end;
$$;

comment on function what_if.message_differences_of_part(timestamptz, timestamptz, what_if.tried_policy, uuid, uuid) is
$$what_if.message_differences for the people between two ids (the second excluded), by one process.
A function, so that Parallel Append can run several at once; the planner would not divide a query over people with sub-queries
for each.$$;
