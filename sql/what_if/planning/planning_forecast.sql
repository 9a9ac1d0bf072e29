create or replace function what_if.planning_forecast(
  p_sent timestamptz[], p_channels text[], p_releases bigint[], p_waiting what_if.pending_message[],
  p_log what_if.recorded_decision[], p_place int, p_gone uuid[],
  out sent timestamptz[], out channels text[], out releases bigint[])
language sql immutable parallel safe
begin atomic
  select coalesce(array_agg(x.at order by x.at), '{}'), coalesce(array_agg(x.channel order by x.at), '{}'), '{}'::bigint[]
  from (
    select s.at, s.channel
    from unnest(p_sent, p_channels, p_releases) as s (at, channel, release_no)
    where s.release_no is null or s.release_no > p_log[p_place].no
    union all
    select w.at, w.channel from unnest(p_waiting) w
    union all
    select f.due_at, f.channel
    from (
      select distinct on (e.id) e.id, e.due_at, e.channel
      from unnest(p_log[p_place + 1 :]) with ordinality as e (
        kind, at, id, channel, obeys_caps, useful_until, useful_was, until, ends, due_at, run_id, no, release_no, place)
      where e.kind not in (6, 10)
        and e.id <> all (p_gone)
      order by e.id, e.place
    ) f
    -- Planned before this run: the ids are of version 7, in the order in which they were made.
    where f.id < p_log[p_place].run_id
  ) x;
end;

comment on function what_if.planning_forecast(
  timestamptz[], text[], bigint[], what_if.pending_message[], what_if.recorded_decision[], int, uuid[]) is
$$What counts at a planning (place p_place of what_if.replay_person's log): all that was sent by then, and as if sent when due, all that waited.$$;
