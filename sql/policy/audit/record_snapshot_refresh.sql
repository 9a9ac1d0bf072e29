create or replace function policy.record_snapshot_refresh(
  p_snapshot text, p_as_of timestamptz, p_started_at timestamptz, p_rows bigint)
returns void
language sql volatile parallel unsafe
begin atomic
  insert into policy.snapshot_refresh as r (snapshot, as_of, refreshed_at, seconds, row_count)
  values (p_snapshot, p_as_of, clock.now(), extract(epoch from clock_timestamp() - p_started_at), p_rows)
  on conflict (snapshot) do update
  set as_of = excluded.as_of, refreshed_at = excluded.refreshed_at, seconds = excluded.seconds, row_count = excluded.row_count;
end;

comment on function policy.record_snapshot_refresh(text, timestamptz, timestamptz, bigint) is
$$Records the refresh of a snapshot, shown by analytics.freshness.
p_started_at: wall-clock instant at which the refresh began.$$;
