create or replace function prediction.store_model(p_at timestamptz) returns timestamptz
language sql volatile parallel unsafe
begin atomic
  insert into prediction.fitted_model as k (learned_at, visits, usual, weeks, curves, weights)
  select l.learned_at, l.visits, l.usual, l.weeks, l.curves, l.weights
  from prediction.model_at(p_at) l
  where l.learned_at = p_at
  on conflict (learned_at) do update
  set visits = excluded.visits, usual = excluded.usual, weeks = excluded.weeks, curves = excluded.curves, weights = excluded.weights;
  select l.learned_at from prediction.model_at(p_at) l;
end;

comment on function prediction.store_model(timestamptz) is
$$Keeps what the prediction learns, where nothing that is kept holds any more (prediction.model_at): smartengage.refresh_snapshots calls it first.
Result: the instant for which what now holds was learned. Repeatable.$$;
