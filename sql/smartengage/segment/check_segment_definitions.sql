create or replace function smartengage.check_segment_definitions(p_definitions jsonb, p_forecast jsonb, p_at timestamptz)
returns void
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_fault record;
begin
  -- A segment that was already empty under the same definition is not an error.
  select f.segment, f.after = 0 as is_empty into v_fault
  from jsonb_to_recordset(p_forecast) as f (segment text, before bigint, after bigint)
  cross join (
    select sum(x.after) as customers from jsonb_to_recordset(p_forecast) as x (after bigint)
  ) total
  where total.customers > 0
    and (f.after = 0 or f.after = total.customers)
    and (f.after <> f.before
         or (select jsonb_agg(d.definition order by d.n)
             from jsonb_array_elements(p_definitions) with ordinality as d (definition, n)
             where d.definition ->> 'segment' = f.segment)
            is distinct from
            (select jsonb_agg(d.definition order by d.n)
             from jsonb_array_elements(smartengage.segments_document(p_at) -> 'definitions') with ordinality as d (definition, n)
             where d.definition ->> 'segment' = f.segment))
  limit 1;
  if v_fault.is_empty then
    raise exception 'A segment would be empty' using errcode = 'SH422', column = 'definitions', detail = v_fault.segment,
      hint = 'Definitions are tried in their order; a customer is in the segment of the first that matches.';
  elsif found then
    raise exception 'A segment would hold everybody' using errcode = 'SH422', column = 'definitions', detail = v_fault.segment,
      hint = 'Definitions are tried in their order; a customer is in the segment of the first that matches.';
  end if;
end;
$$;

comment on function smartengage.check_segment_definitions(jsonb, jsonb, timestamptz) is
$$Refuses definitions by which a segment that they change would contain nobody or everybody. Passes if there are no customers.
p_forecast: the rows of smartengage.segment_forecast. Errors: SH422 (column definitions, detail the segment).$$;
