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
$$Number of independent cases that the repeated cases of some people are worth, at most the number of cases.
A person is contacted each month, in one group, and behaves alike: an interval that counts twelve cases would be too narrow.
p_people; p_cases = sum(m); p_hits = sum(y); then sum(y²), sum(y m), sum(m²), over people with y hits in m cases.
Result: share (1 - share) / variance of the ratio sum(y) / sum(m); the number of people if all or none hit.
With one case each, it is the number of cases. Source: Kish's design effect with the linearized variance of a ratio;
for score intervals Korn and Graubard, Survey Methodology 24 (1998); Deng et al., KDD 2018.$$;
