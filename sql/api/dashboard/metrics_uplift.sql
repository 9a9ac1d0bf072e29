create or replace function api.metrics_uplift(p_actor uuid)
returns jsonb
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform account.authenticate(p_actor, 'admin', clock.now());
  return jsonb_build_object(
    'as_of', (select f.as_of from analytics.freshness f where f.snapshot = 'smartengage.uplift'),
    'overall', (select to_jsonb(u) - 'as_of' from analytics.uplift_overall u),
    'campaigns', coalesce((
      select jsonb_agg(to_jsonb(u) - 'as_of' || jsonb_build_object(
        'segments', (
          select coalesce(jsonb_agg(to_jsonb(s) - '{as_of,scope,campaign_id,campaign}'::text[] order by s.segment), '[]')
          from analytics.uplift_by_segment s
          where s.campaign_id = u.campaign_id),
        'feedback', (
          select coalesce(jsonb_agg(to_jsonb(f) - '{campaign_id,campaign}'::text[] order by f.segment), '[]')
          from analytics.feedback f
          where f.campaign_id = u.campaign_id)) order by u.campaign, u.campaign_id)
      from analytics.uplift u), '[]'));
end;
$$;

comment on function api.metrics_uplift(uuid) is
$$The uplift of campaigns.
Bookings within the attribution window by people written to, against people held out, with a 95 % interval and a verdict: too_early,
more, fewer or not_established. Per campaign and segment, and overall against the global control group, with readers' feedback.
Estimated each night; `as_of` null = not yet.
Errors: SH401 the session has ended; SH403 another role.$$;
