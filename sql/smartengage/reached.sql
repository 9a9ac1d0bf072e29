create or replace function smartengage.reached(
  p_curve double precision[], p_week double precision[], p_center double precision, p_level double precision)
  returns int
language sql immutable parallel safe
begin atomic
  select greatest(7 * b.weeks + width_bucket(b.time - 7 * b.weeks, p_week), 1)
    from (select t.time, floor((t.time - p_week[1]) / 7)::int as weeks
            from (select exp(p_center + 0.15 * sinh(0.2 * (s.step - 26 + least(greatest(
                           coalesce((p_level - p_curve[s.step]) / nullif(p_curve[s.step + 1] - p_curve[s.step], 0), 0), 0), 1)))) as time
                    from (select least(greatest(width_bucket(p_level, p_curve), 1), 50) as step) s) t) b;
end;

comment on function smartengage.reached(double precision[], double precision[], double precision, double precision) is
  'The day, counted from the visit, on which a curve reaches a level: the inverse of smartengage.level, phase and elapsed.';
