create or replace function smartengage.check_target_segments(p_segments text[])
returns void
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
  if coalesce(cardinality(p_segments), 0) = 0 or not p_segments <@ array['new', 'repeat', 'at_risk', 'inactive'] then
    raise exception 'A segment is unknown, or none is given' using errcode = 'SH422', column = 'segments',
      detail = array_to_string(p_segments, ','), hint = 'Give at least one of new, repeat, at_risk, inactive.';
  end if;
  if p_segments @> array['new', 'repeat', 'at_risk', 'inactive'] then
    raise exception 'The segments match everybody' using errcode = 'SH422', column = 'segments',
      detail = array_to_string(p_segments, ','), hint = 'Leave out at least one.';
  end if;
  if not exists (select from smartengage.customer_segment c where c.segment = any (p_segments)) then
    raise exception 'The segments match nobody' using errcode = 'SH422', column = 'segments',
      detail = array_to_string(p_segments, ','), hint = 'Segments are refreshed with each daily planning.';
  end if;
end;
$$;

comment on function smartengage.check_target_segments(text[]) is
$$Refuses segments that a campaign cannot target. Errors: SH422 (column segments): none, unknown, all of them, or empty at the
last refresh.$$;
