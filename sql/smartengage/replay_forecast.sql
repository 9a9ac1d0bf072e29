create or replace function smartengage.replay_forecast(
  p_sent timestamptz[], p_channels text[], p_releases bigint[], p_wait_at timestamptz[], p_wait_channel text[],
  p_event int, p_id uuid[], p_due timestamptz[], p_channel text[], p_kind int[], p_gone uuid[], p_run_id uuid, p_no bigint,
  out sent timestamptz[], out channels text[], out releases bigint[])
language sql immutable parallel safe
begin atomic
  select coalesce(array_agg(x.at order by x.at), '{}'), coalesce(array_agg(x.channel order by x.at), '{}'), '{}'::bigint[]
  from (
    select s.at, s.channel
    from unnest(p_sent, p_channels, p_releases) as s (at, channel, release_no)
    where s.release_no is null or s.release_no > p_no
    union all
    select w.at, w.channel from unnest(p_wait_at, p_wait_channel) as w (at, channel)
    union all
    select f.due, f.channel
    from (
      select distinct on (e.id) e.id, e.due, e.channel
      from unnest(p_id, p_due, p_channel, p_kind) with ordinality as e (id, due, channel, kind, place)
      where e.place > p_event
        and e.kind <> 6
        and e.id <> all (p_gone)
      order by e.id, e.place
    ) f
    -- Planned before this run: the ids are of version 7, in the order in which they were made.
    where f.id < p_run_id
  ) x;
end;

comment on function smartengage.replay_forecast(
  timestamptz[], text[], bigint[], timestamptz[], text[], int, uuid[], timestamptz[], text[], int[], uuid[], uuid, bigint) is
$$What counts at a planning (element p_event of smartengage.replay_person's arrays): all that was sent by then, and as if sent when due, all that waited.$$;
