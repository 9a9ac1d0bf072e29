create or replace function text.model_cost(p_tokens_in int, p_tokens_out int, p_at timestamptz)
returns bigint
language sql stable parallel safe
return ceil(
  (p_tokens_in * policy.number('model.price_in', p_at) + p_tokens_out * policy.number('model.price_out', p_at)) / 1000)::bigint;

comment on function text.model_cost(int, int, timestamptz) is
$$The cost of a model call in millionths of a US dollar, rounded up.
Prices: rules model.price_in and model.price_out in force at p_at.$$;
