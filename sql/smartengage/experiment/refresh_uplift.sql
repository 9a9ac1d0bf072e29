create or replace function smartengage.refresh_uplift(p_at timestamptz)
returns int
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_started_at timestamptz := clock_timestamp();
  v_rows int;
begin
  perform pg_advisory_xact_lock(hashtextextended('smartengage.refresh_uplift', 0));
  delete from smartengage.uplift u;
  insert into smartengage.uplift (
    scope, campaign_id, segment, as_of, messages, ghosts, message_people, ghost_people, booked_share, ghost_booked_share,
    uplift, uplift_low, uplift_high, too_early)
  select
    u.scope, u.campaign_id, u.segment, p_at, u.messages, u.ghosts, u.message_people, u.ghost_people, u.booked_share,
    u.ghost_booked_share, u.uplift, u.uplift_low, u.uplift_high, u.too_early
  from smartengage.estimate_uplift(p_at) u;
  get diagnostics v_rows = row_count;
  perform policy.record_snapshot_refresh('smartengage.uplift', p_at, v_started_at, v_rows);
  return v_rows;
end;
$$;

comment on function smartengage.refresh_uplift(timestamptz) is
$$Stores smartengage.estimate_uplift of an instant in smartengage.uplift, for dashboards and analysts.
Result: rows stored. Idempotent; concurrent calls are serialized.$$;
