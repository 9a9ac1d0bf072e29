create or replace function prediction.fit_model(p_at timestamptz)
returns setof prediction.fitted_model
language sql stable parallel safe
begin atomic
  with prior as materialized (
    select prediction.gap_prior(p_at) as gap_prior
  ),
  hazard as materialized (
    select p.gap_prior, h.week_clocks, h.curves
    from prior p
    cross join lateral prediction.hazard_curves(p_at, p.gap_prior) h
  )
  select
    p_at,
    (select count(*) from market.booking b where b.status = 'completed' and b.completed_at < p_at),
    h.gap_prior, h.week_clocks, h.curves,
    (
      select array_agg(c.weights order by c.horizon)
      from prediction.calibration_weights(p_at, h.gap_prior, h.week_clocks, h.curves) c
    )
  from hazard h;
end;

comment on function prediction.fit_model(timestamptz) is
$$The model fitted to the bookings before p_at, as one row.
It consists of prediction.gap_prior, prediction.hazard_curves, and the calibration (prediction.calibration_weights).
Writes nothing: prediction.store_model does.$$;
