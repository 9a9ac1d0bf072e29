create or replace function edge.page(p_ats timestamptz[], p_ids uuid[], p_documents jsonb[], p_limit int)
returns jsonb
language sql immutable parallel safe
return jsonb_build_object(
  'items', coalesce(to_jsonb(p_documents[:p_limit]), '[]'),
  'next_cursor', case when cardinality(p_ids) > p_limit then edge.cursor(p_ats[p_limit], p_ids[p_limit]) end);

comment on function edge.page(timestamptz[], uuid[], jsonb[], int) is
$$A page of a list as JSON: {items, next_cursor}; next_cursor is null on the last page.
p_ats, p_ids, p_documents: the rows in order, read up to p_limit + 1; null for no rows. Instant and id are the sort key.$$;
