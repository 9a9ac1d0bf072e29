create or replace function smartengage.change_segments(p_definitions jsonb, p_author text, p_reason text, p_at timestamptz)
returns int
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_version int := (select coalesce(max(s.version), 0) + 1 from smartengage.segment_definition s);
begin
  if exists (select from smartengage.segment_definition s where lower(s.valid_at) >= p_at) then
    raise exception 'Later definitions exist' using errcode = 'SH409', hint = 'Read the segments again.';
  end if;
  perform policy.set_audit_actor(p_author);
  update smartengage.segment_definition s
  set valid_at = tstzrange(lower(s.valid_at), p_at)
  where s.valid_at @> p_at;
  insert into smartengage.segment_definition
    (segment, version, position, min_visits, max_visits, first_visit_within_days, silent_for_days, past, valid_at, author, reason)
  select
    t.segment, v_version, d.n * 10, t.min_visits, t.max_visits, t.first_visit_within_days, t.silent_for_days, t.past,
    tstzrange(p_at, null), p_author, p_reason
  from jsonb_array_elements(p_definitions) with ordinality as d (definition, n)
  cross join lateral jsonb_to_record(d.definition) as t (
    segment text, min_visits int, max_visits int, first_visit_within_days int, silent_for_days int, past text);
  return v_version;
end;
$$;

comment on function smartengage.change_segments(jsonb, text, text, timestamptz) is
$$Replaces the definitions of all segments from an instant on; they are tried in the given order.
Customers change segment at the next refresh. The caller holds policy.lock_changes.
Result: the new version. Errors: SH409 later definitions exist.$$;
