create or replace function edge.cursor(p_at timestamptz, p_id uuid)
returns text
language sql immutable parallel safe
return (extract(epoch from p_at) * 1000000)::bigint || '.' || p_id;

comment on function edge.cursor(timestamptz, uuid) is
$$Where a list goes on: behind the row that has this instant and id. The edge signs it before it leaves, and gives back only what it signed.$$;
