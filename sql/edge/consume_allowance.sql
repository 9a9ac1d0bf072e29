create or replace function edge.consume_allowance(p_limit text, p_key text, p_at timestamptz)
returns table (allowed boolean, calls int, seconds int, remaining int, reset_seconds int, retry_seconds int)
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_calls double precision := policy.number('rate.' || p_limit || '.calls', p_at);
  v_seconds double precision := policy.number('rate.' || p_limit || '.seconds', p_at);
begin
  -- The row lock serializes concurrent calls of a key, so each sees the one before.
  return query
  with consumed as (
    insert into edge.rate_allowance as a (key, remaining, refilled_at)
    values (p_limit || ' ' || p_key, v_calls - 1, p_at)
    on conflict (key) do update
    set remaining = edge.allowance_level(a.remaining, a.refilled_at, v_calls, v_seconds, p_at)
          - (edge.allowance_level(a.remaining, a.refilled_at, v_calls, v_seconds, p_at) >= 1)::int,
        refilled_at = greatest(p_at, a.refilled_at)
    returning
      old.key is null or edge.allowance_level(old.remaining, old.refilled_at, v_calls, v_seconds, p_at) >= 1 as allowed,
      new.remaining
  )
  select c.allowed, v_calls::int, v_seconds::int, floor(c.remaining)::int,
         ceil((v_calls - c.remaining) * v_seconds / v_calls)::int,
         greatest(0, ceil((1 - c.remaining) * v_seconds / v_calls))::int
  from consumed c;
end;
$$;

comment on function edge.consume_allowance(text, text, timestamptz) is
$$Consumes one call from the allowance that a key has under a rate limit.
The rules rate.<p_limit>.calls and rate.<p_limit>.seconds set its size and the time of a linear refill from empty to full.
Result: whether the call is allowed, the values of both rules, whole calls that remain, seconds until the allowance is full,
seconds until the next call. Errors: 23502 if the rules do not exist.$$;
