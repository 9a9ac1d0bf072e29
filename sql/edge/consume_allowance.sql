create or replace function edge.consume_allowance(
  p_key text, p_capacity double precision, p_seconds double precision, p_at timestamptz)
returns table (allowed boolean, remaining int, reset_seconds int, retry_seconds int)
language sql volatile parallel unsafe
begin atomic
  -- The row lock serializes concurrent calls of a key, so each sees the one before.
  with consumed as (
    insert into edge.rate_allowance as a (key, remaining, refilled_at)
    values (p_key, p_capacity - 1, p_at)
    on conflict (key) do update
    set remaining = edge.allowance_level(a.remaining, a.refilled_at, p_capacity, p_seconds, p_at)
          - (edge.allowance_level(a.remaining, a.refilled_at, p_capacity, p_seconds, p_at) >= 1)::int,
        refilled_at = greatest(p_at, a.refilled_at)
    returning
      old.key is null or edge.allowance_level(old.remaining, old.refilled_at, p_capacity, p_seconds, p_at) >= 1 as allowed,
      new.remaining
  )
  select c.allowed, floor(c.remaining)::int, ceil((p_capacity - c.remaining) * p_seconds / p_capacity)::int,
         greatest(0, ceil((1 - c.remaining) * p_seconds / p_capacity))::int
  from consumed c;
end;

comment on function edge.consume_allowance(text, double precision, double precision, timestamptz) is
$$Consumes one call from an allowance of p_capacity calls that refills linearly over p_seconds.
Result: whether the call is allowed, whole calls that remain, seconds until the allowance is full, seconds until the next call.$$;
