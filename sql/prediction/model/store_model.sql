create or replace function prediction.store_model(p_at timestamptz)
returns timestamptz
language sql volatile parallel unsafe
begin atomic
  insert into prediction.fitted_model (fitted_at, visits, gap_prior, week_clocks, curves, weights)
  select m.fitted_at, m.visits, m.gap_prior, m.week_clocks, m.curves, m.weights
  from prediction.model_at(p_at) m
  where m.fitted_at = p_at
  on conflict (fitted_at) do update
  set visits = excluded.visits, gap_prior = excluded.gap_prior, week_clocks = excluded.week_clocks,
      curves = excluded.curves, weights = excluded.weights;
  select m.fitted_at from prediction.model_at(p_at) m;
end;

comment on function prediction.store_model(timestamptz) is
$$Fits and stores a model for p_at if no stored one is valid (prediction.model_at).
Result: fitted_at of the model that is valid now. Idempotent.$$;
