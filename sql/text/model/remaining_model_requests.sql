create or replace function text.remaining_model_requests(p_at timestamptz)
returns int
language sql stable parallel safe
begin atomic
  with today as (
    select
      coalesce(sum(c.requests), 0) as requests,
      coalesce(sum(c.tokens_in + c.tokens_out), 0) as tokens,
      coalesce(sum(c.cost_micro_usd), 0) as cost
    from text.model_call c
    where c.called_at >= date_trunc('day', p_at at time zone policy.default_zone()) at time zone policy.default_zone()
      and c.called_at <= p_at
  ),
  expected as (
    select
      coalesce(avg(c.tokens_in + c.tokens_out), policy.number('model.tokens_per_call', p_at)) as tokens,
      coalesce(
        avg(c.cost_micro_usd),
        policy.number('model.tokens_per_call', p_at) * policy.number('model.price_out', p_at) / 1000) as cost
    from text.model_call c
    where c.called_at > p_at - interval '7 days'
      and c.called_at <= p_at
      and c.failure is null
      and c.tokens_in + c.tokens_out > 0
  )
  select floor(greatest(0, least(
    policy.number('model.cohorts_per_day', p_at) - t.requests,
    -- What remains is divided by the expected use of a call and rounded up: the last call may exceed the budget.
    ceil((policy.number('model.tokens_per_day', p_at) - t.tokens) / e.tokens),
    case when e.cost > 0 then ceil((policy.number('model.cost_per_day', p_at) - t.cost) / e.cost) end)))::int
  from today t
  cross join expected e;
end;

comment on function text.remaining_model_requests(timestamptz) is
$$How many model requests the budget of the local day (default zone) still allows at p_at.
Budgets: requests (rule model.cohorts_per_day), tokens (model.tokens_per_day) and cost (model.cost_per_day).
Tokens and cost are divided by the mean answered call of the last 7 days, or by model.tokens_per_call if there is none.
Failed calls and repetitions count too.$$;
