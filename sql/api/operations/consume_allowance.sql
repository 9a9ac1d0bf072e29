create or replace function api.consume_allowance(p_function text, p_key text)
returns jsonb
language sql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
begin atomic
  select to_jsonb(t) from edge.consume_allowance(p_function, p_key, clock.now()) t;
end;

comment on function api.consume_allowance(text, text) is
$$Counts one call against the rate limit of a function; the app asks before the call.
p_key: person or network address. Result: {allowed, calls, seconds, remaining, reset_seconds, retry_seconds}; calls and seconds are
the values of the rules rate.<p_function>.calls and rate.<p_function>.seconds.$$;
