create or replace function prediction.days_to_hazard(
  p_curve double precision[], p_week_clock double precision[], p_center double precision, p_hazards double precision[])
returns int[]
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
-- plpgsql, because it is not inlined: as language sql it takes eight times as long.
-- All hazards in one call, as call overhead is half the cost.
declare
  v_hazard double precision;
  v_step int;
  v_rise double precision;
  v_time double precision;
  v_weeks int;
  v_days int[] := '{}';
begin
  foreach v_hazard in array p_hazards loop
    v_step := least(greatest(width_bucket(v_hazard, p_curve), 1), 50);
    v_rise := p_curve[v_step + 1] - p_curve[v_step];
    v_time := exp(p_center + 0.15 * sinh(0.2 * (
      v_step - 26 + case when v_rise > 0 then least(greatest((v_hazard - p_curve[v_step]) / v_rise, 0), 1) else 0 end)));
    v_weeks := floor((v_time - p_week_clock[1]) / 7);
    v_days := v_days || greatest(7 * v_weeks + width_bucket(v_time - 7 * v_weeks, p_week_clock), 1);
  end loop;
  return v_days;
end;
$$;

comment on function prediction.days_to_hazard(double precision[], double precision[], double precision, double precision[]) is
$$Days from the visit until a curve reaches each of the cumulative hazards, in their order; at least 1.
The inverse of prediction.cumulative_hazard_at, prediction.rhythm_phase and prediction.weekday_adjusted_days.$$;
