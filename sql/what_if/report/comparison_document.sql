create or replace function what_if.comparison_document(p_from timestamptz, p_until timestamptz, p_changes jsonb, p_at timestamptz)
returns jsonb
language plpgsql stable parallel restricted
set search_path = pg_catalog, pg_temp
as $$
begin
  -- One at a time: it reads a year on all processors, which other requests need too.
  if not pg_try_advisory_xact_lock(hashtextextended('what_if.comparison', 0)) then
    raise exception 'Another what-if is running' using errcode = 'SH409', hint = 'Ask again in a minute.';
  end if;
  return (
    select jsonb_build_object(
      'since', p_from,
      'until', p_until,
      'total', (jsonb_agg(to_jsonb(w) - 'segment') filter (where w.segment is null)) -> 0,
      'segments', coalesce(jsonb_agg(to_jsonb(w) order by w.segment) filter (where w.segment is not null), '[]'),
      'limits', what_if.assumptions(p_changes ?| '{quiet_period,instead_of}'))
    from what_if.comparison(p_from, p_until, p_changes, p_at) w);
end;
$$;

comment on function what_if.comparison_document(timestamptz, timestamptz, jsonb, timestamptz) is
$$what_if.comparison as admins see it; one runs at a time.
{since, until, total, segments, limits: its assumptions, one sentence each}.
Errors: SH409 another one is running; SH422 from what_if.tried_policy.$$;
