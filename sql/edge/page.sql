create or replace function edge.page(p_ats timestamptz[], p_ids uuid[], p_documents jsonb[], p_limit int)
returns jsonb
language sql immutable parallel safe
return jsonb_build_object(
  'items', coalesce(to_jsonb(p_documents[:p_limit]), '[]'),
  'next_cursor', case when cardinality(p_ids) > p_limit then edge.cursor(p_ats[p_limit], p_ids[p_limit]) end);

comment on function edge.page(timestamptz[], uuid[], jsonb[], int) is
$$A page of a list from its rows in order, of which one more than fits has been read: {items, next_cursor}; next_cursor null = that was all.
p_ats, p_ids: what the list is ordered by, so where it goes on. Nulls for no rows.$$;
