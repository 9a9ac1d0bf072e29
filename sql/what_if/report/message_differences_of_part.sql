create or replace function what_if.message_differences_of_part(
  p_from timestamptz, p_until timestamptz, p_changes jsonb, p_user_from uuid, p_user_until uuid)
returns table (
  user_id uuid, message_id uuid, segment text, change text, before_at timestamptz, after_at timestamptz, reason text,
  was_capped int, bookings int)
language plpgsql stable parallel safe rows 100000
set search_path = ''
-- Many rows come out of the replay, which the planner cannot know: each is looked up by its key.
set enable_hashjoin = off
set enable_mergejoin = off
-- A process takes several parts: from the sixth on the plan for any part would be used, which took twenty times as long.
set plan_cache_mode = force_custom_plan
as $$
begin
  return query
  with replayed as materialized (
    select r.* from what_if.replay_history(p_from, p_until, p_changes, p_user_from, p_user_until) r
  ),
  told as (
    select
      r.user_id, r.message_id, m.state, coalesce(r.before_at, d.sent_at) as before_at, r.sent_at as after_at, r.reason,
      coalesce(c.segment, x.segment) as segment, coalesce(x.capped, 0) as was_capped,
      -- Gates that a later instant meets anew. What came of an instant that is past is known.
      case
        when r.sent_at is null or r.sent_at <= coalesce(r.before_at, d.sent_at, p_from) then null
        when not exists (
          select
          from account.consent_at(r.user_id, coalesce(m.channel, x.channel), coalesce(m.purpose, 'outreach'), r.sent_at)) then 'no_consent'
        when coalesce(m.kind = 'reminder', x.service_id is not null) and exists (
          select
          from market.booking b
          where b.customer_id = r.user_id
            and b.service_id = coalesce(m.service_id, x.service_id)
            and b.status <> 'cancelled'
            and b.created_at >= coalesce(m.planned_at, x.planned_at)
            and b.created_at < r.sent_at) then 'booked'
      end as stopped_by
    from replayed r
    left join outreach.delivery d
      on d.message_id = case when r.before_at is null then r.message_id end
     and d.state <> 'released'
    left join smartengage.candidate c on c.message_id = r.message_id
    -- Of what would not be sent nothing more need be known, and these are most: the wide row stays where it is.
    left join outreach.message m on m.message_id = case when r.sent_at is not null then r.message_id end
    -- What was refused at planning, where the replay planned it.
    left join lateral (
      select
        count(*) as n, (count(*) filter (where o.reason = 'capped'))::int as capped, min(o.segment) as segment, min(o.channel) as channel, min(t.planned_at) as planned_at,
        (array_agg(o.service_id order by t.planned_at))[1] as service_id
      from smartengage.candidate o
      join smartengage.run t on t.run_id = o.run_id
      where o.user_id = r.user_id
        and o.reason in ('capped', 'no_time_left')
        and t.planned_at >= p_from
        and t.planned_at < p_until
        and what_if.replayed_message_id(t.campaign_id, o.user_id, o.occurrence) = r.message_id
        and r.sent_at is not null
    ) x on x.n > 0
  ),
  changed as (
    select
      t.*,
      case
        when t.after_at is null or t.stopped_by is not null then case when t.before_at is not null then 'no_longer' end
        when t.before_at is null then case when t.state is distinct from 'failed' then 'newly' end
        when t.after_at > t.before_at then 'later'
        when t.after_at < t.before_at then 'earlier'
      end as change
    from told t
  )
  select
    g.user_id, g.message_id, g.segment, g.change, g.before_at,
    case when g.change <> 'no_longer' then g.after_at end,
    case when g.change = 'no_longer' then coalesce(g.stopped_by, g.reason) end,
    case when g.change in ('newly', 'earlier') then g.was_capped else 0 end,
    -- Credited to it, and it would not have come, or only afterwards.
    case when g.change in ('no_longer', 'later') then (
      select count(*)::int
      from outreach.message_event e
      where e.message_id = g.message_id
        and e.kind = 'booked'
        and not e.is_machine
        and (g.change = 'no_longer' or e.happened_at < g.after_at))
    else 0 end
  from changed g
  where g.change is not null;
end;
$$;

comment on function what_if.message_differences_of_part(timestamptz, timestamptz, jsonb, uuid, uuid) is
$$what_if.message_differences for the people between two ids (the second not included), by one process. The planner takes it for one thing, so that several may be worked on at once; a query over people with sub-queries for each it would not divide.$$;
