create or replace function edge.allowance_level(
  p_tokens double precision, p_refilled_at timestamptz, p_capacity double precision, p_seconds double precision, p_at timestamptz)
returns double precision
language sql immutable parallel safe
return least(p_capacity, p_tokens + greatest(0, extract(epoch from p_at - p_refilled_at)) * p_capacity / p_seconds);

comment on function edge.allowance_level(double precision, timestamptz, double precision, double precision, timestamptz) is
$$Tokens in a bucket at an instant: what it held when last looked at, and what has flowed in since, at most its capacity.$$;
