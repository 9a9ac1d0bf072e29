create or replace function api.consume_allowance(p_key text, p_capacity int, p_seconds int)
returns jsonb
language sql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
begin atomic
  select to_jsonb(t) from edge.consume_allowance('edge ' || p_key, p_capacity, p_seconds, clock.now()) t;
end;

comment on function api.consume_allowance(text, int, int) is
$$Counts one call against the rate limit of an endpoint; the app asks before the call.
p_key: endpoint and caller; p_capacity calls per p_seconds. Result: {allowed, remaining, reset_seconds, retry_seconds}.$$;
