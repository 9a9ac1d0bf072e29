create or replace function stats.chi_square_p_value(p_observed bigint[], p_expected double precision[])
returns double precision
language sql immutable parallel safe
begin atomic
  select case
    when coalesce(bool_or(s.share = 0 and s.observed > 0), false) then 0
    else stats.chi_square_tail(
      coalesce(sum((s.observed - s.total * s.share) ^ 2 / (s.total * s.share)) filter (where s.share > 0), 0),
      count(*) filter (where s.share > 0)::int - 1)
  end
  from (
    select
      c.observed,
      c.expected / sum(c.expected) over () as share,
      sum(c.observed) over ()::double precision as total
    from unnest(p_observed, p_expected) as c (observed, expected)
  ) s
  where s.total > 0;
end;

comment on function stats.chi_square_p_value(bigint[], double precision[]) is
$$How likely it is that counts differ from what was expected as much as they do, or more, by chance alone: Pearson's chi-square test.
p_expected: shares or counts, only their proportions matter. For the sample-ratio alarm: counts of people per arm against the planned shares; a small figure means that the split is broken and its results cannot be believed. 0 where something was seen that was not expected at all; 1 where nothing was counted.
Asymptotic: expect at least five in each cell. Source: Pearson 1900; as alarm Fabijan et al., KDD 2019, who look at p < 0.0005.$$;
