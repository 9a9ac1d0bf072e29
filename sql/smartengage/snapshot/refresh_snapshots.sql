create or replace function smartengage.refresh_snapshots(p_at timestamptz)
returns int
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_started_at timestamptz := clock_timestamp();
  v_predictions int;
  v_rows bigint;
begin
  perform pg_advisory_xact_lock(hashtextextended('smartengage.refresh_snapshots', 0));

  perform prediction.store_model(p_at);

  insert into smartengage.predicted_booking as p (
    user_id, service_id, as_of, visits, last_visit_at, p7, p14, p28, expected_at, due_from, due_until, overdue_at, lost_at)
  select
    s.customer_id, s.service_id, p_at, s.visits, s.last_visit_at, s.p7, s.p14, s.p28,
    s.expected_at, s.due_from, s.due_until, s.overdue_at, s.lost_at
  from prediction.score(p_at) s
  on conflict (user_id, service_id) do update
  set as_of = excluded.as_of, visits = excluded.visits, last_visit_at = excluded.last_visit_at,
      p7 = excluded.p7, p14 = excluded.p14, p28 = excluded.p28, expected_at = excluded.expected_at,
      due_from = excluded.due_from, due_until = excluded.due_until,
      overdue_at = excluded.overdue_at, lost_at = excluded.lost_at;
  get diagnostics v_predictions = row_count;
  delete from smartengage.predicted_booking p where p.as_of <> p_at;
  perform smartengage.analyze_if_grown('smartengage.predicted_booking', v_predictions);
  perform policy.record_snapshot_refresh('smartengage.predicted_booking', p_at, v_started_at, v_predictions);

  v_started_at := clock_timestamp();
  insert into smartengage.customer_segment as c (user_id, as_of, visits, first_visit_at, last_visit_at, segment, segment_version)
  select s.user_id, p_at, s.visits, s.first_visit_at, s.last_visit_at, s.segment, s.segment_version
  from smartengage.classify_customers(p_at) s
  on conflict (user_id) do update
  set as_of = excluded.as_of, visits = excluded.visits, first_visit_at = excluded.first_visit_at,
      last_visit_at = excluded.last_visit_at, segment = excluded.segment, segment_version = excluded.segment_version;
  get diagnostics v_rows = row_count;
  perform smartengage.analyze_if_grown('smartengage.customer_segment', v_rows);
  perform policy.record_snapshot_refresh('smartengage.customer_segment', p_at, v_started_at, v_rows);

  v_started_at := clock_timestamp();
  delete from outreach.hour_share h;
  insert into outreach.hour_share (segment, local_hour, share, as_of)
  select h.segment, h.local_hour, h.share, p_at
  from smartengage.estimate_hour_shares(p_at) h;
  get diagnostics v_rows = row_count;
  perform policy.record_snapshot_refresh('outreach.hour_share', p_at, v_started_at, v_rows);

  v_started_at := clock_timestamp();
  refresh materialized view concurrently smartengage.add_on_rate;
  perform policy.record_snapshot_refresh('smartengage.add_on_rate', p_at, v_started_at,
    (select count(*) from smartengage.add_on_rate));

  v_started_at := clock_timestamp();
  refresh materialized view concurrently smartengage.add_on_pair;
  perform policy.record_snapshot_refresh('smartengage.add_on_pair', p_at, v_started_at,
    (select count(*) from smartengage.add_on_pair));
  return v_predictions;
end;
$$;

comment on function smartengage.refresh_snapshots(timestamptz) is
$$Refreshes the snapshots for one instant: smartengage.predicted_booking, smartengage.customer_segment, outreach.hour_share,
smartengage.add_on_rate and smartengage.add_on_pair.
Result: rows of smartengage.predicted_booking. Idempotent: the same instant gives the same rows. Concurrent calls are serialized.
The model is fitted again only if no stored one is valid (prediction.store_model).$$;
