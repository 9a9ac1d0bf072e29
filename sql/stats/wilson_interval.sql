create or replace function stats.wilson_interval(p_share double precision, p_n double precision)
returns table (low double precision, high double precision)
language sql immutable parallel safe
begin atomic
  -- 3.8414588 is z² of 95 %. The cases keep the bounds at shares 0 and 1 exact despite rounding.
  select
    case when p_share <= 0 then 0 else greatest((c.centre - c.half) / (p_n + 3.8414588), 0) end,
    case when p_share >= 1 then 1 else least((c.centre + c.half) / (p_n + 3.8414588), 1) end
  from (
    select
      p_n * p_share + 3.8414588 / 2 as centre,
      1.9599640 * sqrt(p_n * p_share * (1 - p_share) + 3.8414588 / 4) as half
  ) c
  where p_n > 0;
end;

comment on function stats.wilson_interval(double precision, double precision) is
$$The 95 % score interval of Wilson for a share of n trials: within 0 … 1, with good coverage for small n and shares near 0 or 1.
p_n need not be an integer, see stats.effective_sample_size. No row for n = 0.
Source: Wilson, JASA 22 (1927); Brown, Cai and DasGupta, Statistical Science 16 (2001).$$;
