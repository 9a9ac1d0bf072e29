create or replace function prediction.weekday_adjusted_days(p_week_clock double precision[], p_days int)
returns double precision
language sql immutable parallel safe
return greatest(7 * (p_days / 7) + p_week_clock[p_days % 7 + 1], 0.25);

comment on function prediction.weekday_adjusted_days(double precision[], int) is
$$Days since the visit by the clock of a week class, at least 0.25.
The clock advances most on the days, counted from the visit, on which people of the class return:
for somebody who always comes on the same weekday it advances on that day only.
p_week_clock: eight readings, after 0 to 7 days (prediction.hazard_curves).$$;
