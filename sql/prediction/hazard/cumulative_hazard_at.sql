create or replace function prediction.cumulative_hazard_at(p_curve double precision[], p_phase double precision)
returns double precision
language sql immutable parallel safe
return p_curve[floor(p_phase)::int + 1]
  + (p_phase - floor(p_phase)) * (p_curve[floor(p_phase)::int + 2] - p_curve[floor(p_phase)::int + 1]);

comment on function prediction.cumulative_hazard_at(double precision[], double precision) is
$$Cumulative hazard of a curve of prediction.hazard_curves at a phase, interpolated linearly between its 51 points.$$;
