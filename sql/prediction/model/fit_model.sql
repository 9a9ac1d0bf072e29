create or replace function prediction.fit_model(p_at timestamptz) returns setof prediction.fitted_model
language sql stable parallel safe
begin atomic
  with usual as materialized (
    select prediction.gap_prior(p_at) as usual),
  hazard as materialized (
    select u.usual, h.weeks, h.curves
      from usual u
     cross join lateral prediction.hazard_curves(p_at, u.usual) h)
  select p_at,
         (select count(*) from market.booking b where b.status = 'completed' and b.completed_at < p_at),
         h.usual,
         h.weeks,
         h.curves,
         (select array_agg(c.weights order by c.horizon) from prediction.calibration_weights(p_at, h.usual, h.weeks, h.curves) c)
    from hazard h;
end;

comment on function prediction.fit_model(timestamptz) is
  'Everything that the prediction learns from the bookings before p_at, as one row: what is usual (prediction.gap_prior), how people come at '
  'each phase of their rhythm (prediction.hazard_curves), and what sets that right (prediction.calibration_weights). Pure; prediction.store_model keeps it.';
