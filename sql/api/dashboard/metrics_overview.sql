create or replace function api.metrics_overview(p_actor uuid, p_days int default 28)
returns jsonb
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_now timestamptz := clock.now();
  v_since timestamptz;
begin
  perform account.authenticate(p_actor, 'admin', v_now);
  -- Explicit: a cast of date to timestamptz uses the time zone of the session.
  v_since := ((v_now at time zone policy.default_zone())::date - (p_days - 1))::timestamp at time zone policy.default_zone();
  return jsonb_build_object(
    'as_of', v_now,
    'since', v_since,
    'segments', coalesce((
      select jsonb_agg(to_jsonb(s) - 'as_of' order by s.segment, s.segment_version) from analytics.segment s), '[]'),
    'engagement', coalesce((
      select jsonb_agg(to_jsonb(e) order by e.segment)
      from (
        select
          s.segment, count(*) as sent, count(*) filter (where s.delivered) as delivered,
          count(*) filter (where s.opened) as opened, count(*) filter (where s.clicked) as clicked,
          count(*) filter (where s.booked) as booked, count(*) filter (where s.bounced) as bounced,
          count(*) filter (where s.in_doubt) as in_doubt
        from smartengage.message_funnel s
        where s.sent_at >= v_since
          and s.sent_at <= v_now
        group by s.segment
      ) e), '[]'),
    'texts', (
      select jsonb_build_object(
        'house', count(*) filter (where s.origin = 'house'),
        'model', count(*) filter (where s.origin = 'model'),
        'house_share', (count(*) filter (where s.origin = 'house'))::double precision / nullif(count(s.origin), 0))
      from smartengage.message_funnel s
      where s.sent_at >= v_since
        and s.sent_at <= v_now),
    'refusals', coalesce((
      select jsonb_agg(to_jsonb(r) order by r.refusals desc, r.gate, r.reason, r.rule)
      from (
        select f.gate, f.reason, f.rule, sum(f.refusals)::bigint as refusals
        from analytics.refusal f
        where f.as_of >= v_since
          and f.as_of <= v_now
        group by f.gate, f.reason, f.rule
      ) r), '[]'),
    'feedback', coalesce((
      select jsonb_agg(to_jsonb(f) order by f.campaign, f.segment) from analytics.feedback f), '[]'),
    'overall', (select to_jsonb(u) - 'as_of' from analytics.uplift_overall u),
    'freshness', coalesce((
      select jsonb_agg(to_jsonb(f) order by f.snapshot) from analytics.freshness f), '[]'));
end;
$$;

comment on function api.metrics_overview(uuid, int) is
$$How outreach performs over the last local days, today included.
Customers by segment; results of sent messages by segment; who wrote their texts; refusals by gate, reason and rule; readers'
feedback; the uplift of all outreach against the global control group; the age of the snapshots behind these figures.
Errors: SH401 the session has ended; SH403 another role.$$;
