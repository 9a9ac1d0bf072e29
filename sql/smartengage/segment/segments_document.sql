create or replace function smartengage.segments_document(p_at timestamptz)
returns jsonb
language sql stable parallel safe
begin atomic
  select jsonb_build_object(
    'definitions', coalesce((
      select jsonb_agg(jsonb_build_object(
        'segment', s.segment, 'min_visits', s.min_visits, 'max_visits', s.max_visits,
        'first_visit_within_days', s.first_visit_within_days, 'silent_for_days', s.silent_for_days, 'past', s.past)
        order by s.position)
      from smartengage.segment_definition s
      where s.valid_at @> p_at), '[]'),
    'version', (select max(s.version) from smartengage.segment_definition s where s.valid_at @> p_at),
    'versions', coalesce((
      select jsonb_agg(jsonb_build_object(
        'version', v.version, 'valid_from', lower(v.valid_at), 'valid_until', upper(v.valid_at),
        'author', v.author, 'reason', v.reason) order by v.version desc)
      from (
        select distinct on (s.version) s.version, s.valid_at, s.author, s.reason
        from smartengage.segment_definition s
        order by s.version, s.position) v), '[]'),
    'customers', (
      select jsonb_agg(jsonb_build_object(
        'segment', s.segment,
        'customers', (select count(*) from smartengage.customer_segment c where c.segment = s.segment)) order by s.n)
      from unnest(array['new', 'repeat', 'at_risk', 'inactive']) with ordinality as s (segment, n)),
    'as_of', (select r.as_of from policy.snapshot_refresh r where r.snapshot = 'smartengage.customer_segment'));
end;

comment on function smartengage.segments_document(timestamptz) is
$$The segments as admins see them: {definitions in the order they are tried, version, versions (latest first),
customers per segment at the last refresh, as_of of that refresh (null = never refreshed)}.$$;
