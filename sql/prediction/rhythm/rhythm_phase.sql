create or replace function prediction.rhythm_phase(p_days double precision, p_center double precision)
returns double precision
language sql immutable parallel safe
return least(greatest(asinh((ln(p_days) - p_center) / 0.15) / 0.2 + 25, 0), 49.999999);

comment on function prediction.rhythm_phase(double precision, double precision) is
$$Phase within the personal rhythm, 0 to 50: 25 is the expected day.
p_days: days since the visit. p_center: expected ln(gap in days).
A step is 3 % of the rhythm at 25, and wider away from it (asinh).$$;
