create or replace function stats.effective_sample_size(
  p_people double precision, p_cases double precision, p_hits double precision,
  p_hits_squared double precision, p_hits_cases double precision, p_cases_squared double precision)
returns double precision
language sql immutable parallel safe
begin atomic
  select case
    when s.share <= 0 or s.share >= 1 or s.squares <= 0 then p_people
    else least(p_cases, s.share * (1 - s.share) * p_cases ^ 2 / s.squares)
  end
  from (
    select
      p_hits / p_cases as share,
      p_hits_squared - 2 * p_hits / p_cases * p_hits_cases + (p_hits / p_cases) ^ 2 * p_cases_squared as squares
  ) s;
end;

comment on function stats.effective_sample_size(
  double precision, double precision, double precision, double precision, double precision, double precision) is
$$How many independent cases the cases of some people are worth. The same person is reminded month after month, in the same group for ever, and books as they always do: twelve of their answers tell hardly more than one, and an interval that takes them for twelve promises too much.
p_people, p_cases = sum of m, p_hits = sum of y, then the sums of y², ym and m², over people with y hits in m cases. share (1 - share) / variance of the ratio sum(y) / sum(m), at most the cases; with one case each, their number. Where all or none hit: the people.
Source: Kish's design effect with the linearised variance of a ratio; for score intervals Korn and Graubard, Survey Methodology 24 (1998); Deng et al., KDD 2018.$$;
