create or replace function smartengage.reached(
  p_curve double precision[], p_week double precision[], p_center double precision, p_level double precision)
  returns int
language plpgsql immutable parallel safe
set search_path = ''
as $$
-- plpgsql, because it is called five times a prediction and cannot be inlined: as language sql it took eight times as long
declare
  v_step constant int := least(greatest(width_bucket(p_level, p_curve), 1), 50);
  v_rise constant double precision := p_curve[v_step + 1] - p_curve[v_step];
  v_part constant double precision := case when v_rise > 0 then least(greatest((p_level - p_curve[v_step]) / v_rise, 0), 1) else 0 end;
  v_time constant double precision := exp(p_center + 0.15 * sinh(0.2 * (v_step - 26 + v_part)));
  v_weeks constant int := floor((v_time - p_week[1]) / 7);
begin
  return greatest(7 * v_weeks + width_bucket(v_time - 7 * v_weeks, p_week), 1);
end
$$;

comment on function smartengage.reached(double precision[], double precision[], double precision, double precision) is
  'The day, counted from the visit, on which a curve reaches a level: the inverse of smartengage.level, phase and elapsed.';
