create or replace function prediction.weekday_adjusted_days(p_week double precision[], p_days int) returns double precision
language sql immutable parallel safe
return greatest(7 * (p_days / 7) + p_week[p_days % 7 + 1], 0.25);

comment on function prediction.weekday_adjusted_days(double precision[], int) is
  'Days since the visit on the clock of a week class, on which the days of the week that people like pass slowly and the others fast: '
  'for somebody who always comes on the same weekday, a week passes all on that day. p_week = eight readings of it, after 0 to 7 days.';
