create or replace function edge.cursor(p_at timestamptz, p_id uuid)
returns text
language sql immutable parallel safe
return (extract(epoch from p_at) * 1000000)::bigint || '.' || p_id;

comment on function edge.cursor(timestamptz, uuid) is
$$Position in a list: after the row with this instant and id.
The app signs a cursor before it sends it, and accepts only signed ones.$$;
