create or replace function edge.consume_allowance(p_bucket text, p_capacity double precision, p_seconds double precision, p_at timestamptz)
returns table (allowed boolean, remaining int, reset_seconds int, retry_seconds int)
language sql volatile parallel unsafe
begin atomic
  -- One row lock per bucket: concurrent calls queue here and each sees the one before.
  with taken as (
    insert into edge.rate_allowance as b (bucket, tokens, refilled_at)
    values (p_bucket, p_capacity - 1, p_at)
    on conflict (bucket) do update
    set tokens = edge.allowance_level(b.tokens, b.refilled_at, p_capacity, p_seconds, p_at)
          - (edge.allowance_level(b.tokens, b.refilled_at, p_capacity, p_seconds, p_at) >= 1)::int,
        refilled_at = greatest(p_at, b.refilled_at)
    returning
      old.bucket is null or edge.allowance_level(old.tokens, old.refilled_at, p_capacity, p_seconds, p_at) >= 1 as allowed,
      new.tokens
  )
  select t.allowed, floor(t.tokens)::int, ceil((p_capacity - t.tokens) * p_seconds / p_capacity)::int,
         greatest(0, ceil((1 - t.tokens) * p_seconds / p_capacity))::int
  from taken t;
end;

comment on function edge.consume_allowance(text, double precision, double precision, timestamptz) is
$$Takes a token from a bucket that holds p_capacity and refills evenly over p_seconds.
Result: whether there was one, how many whole ones remain, in how many seconds the bucket is full again, and in how many there is a token.$$;
