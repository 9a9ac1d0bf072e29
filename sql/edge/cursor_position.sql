create or replace function edge.cursor_position(p_cursor text, out at timestamptz, out id uuid)
language sql immutable parallel safe
return row (
  timestamptz 'epoch' + split_part(p_cursor, '.', 1)::bigint * interval '1 microsecond',
  split_part(p_cursor, '.', 2)::uuid);

comment on function edge.cursor_position(text) is
$$The instant and id of a cursor of edge.cursor; both null for null, the start of a list.$$;
