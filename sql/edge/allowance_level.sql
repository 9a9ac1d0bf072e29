create or replace function edge.allowance_level(
  p_remaining double precision, p_refilled_at timestamptz, p_capacity double precision, p_seconds double precision,
  p_at timestamptz)
returns double precision
language sql immutable parallel safe
return least(p_capacity, p_remaining + greatest(0, extract(epoch from p_at - p_refilled_at)) * p_capacity / p_seconds);

comment on function edge.allowance_level(double precision, timestamptz, double precision, double precision, timestamptz) is
$$Calls that an allowance holds at p_at: what remained at p_refilled_at and a linear refill since, at most p_capacity.
p_seconds: time of a refill from empty to full.$$;
