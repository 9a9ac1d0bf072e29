create or replace function smartengage.check_target_segments(p_segments text[])
returns void
language plpgsql stable parallel safe
set search_path = ''
as $$
begin
  if coalesce(cardinality(p_segments), 0) = 0 or not p_segments <@ array['new', 'repeat', 'at_risk', 'inactive'] then
    raise exception 'These are no segments' using errcode = 'SH422', column = 'segments', detail = array_to_string(p_segments, ','),
      hint = 'new, repeat, at_risk, inactive; at least one.';
  end if;
  if p_segments @> array['new', 'repeat', 'at_risk', 'inactive'] then
    raise exception 'The segments match everybody' using errcode = 'SH422', column = 'segments', detail = array_to_string(p_segments, ','),
      hint = 'Leave one out.';
  end if;
  if not exists (select from smartengage.customer_segment c where c.segment = any (p_segments)) then
    raise exception 'The segments match nobody' using errcode = 'SH422', column = 'segments', detail = array_to_string(p_segments, ','),
      hint = 'Who is in which segment is worked out with each planning.';
  end if;
end;
$$;

comment on function smartengage.check_target_segments(text[]) is
$$Whether segments can be written to. Errors: SH422 (field segments) none, unknown, all of them, or such as nobody is in.$$;
