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
$$P value of Pearson's chi-square test: probability that chance makes the counts differ from expectation this much or more.
p_expected: shares or counts; only their proportions matter.
0 if a cell with expectation 0 has a count; 1 if there are no counts. Asymptotic: needs five expected counts per cell.
Used as sample-ratio alarm: people per arm against planned shares; a small value means that the split is broken.
Source: Pearson 1900; as alarm Fabijan et al., KDD 2019, with p < 0.0005.$$;
