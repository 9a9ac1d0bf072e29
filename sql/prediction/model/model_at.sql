create or replace function prediction.model_at(p_at timestamptz, p_stored_only boolean default false)
returns setof prediction.fitted_model
language sql stable parallel safe
begin atomic
  with stored as materialized (
    select m.fitted_at
    from prediction.fitted_model m
    where m.fitted_at <= p_at
      and m.fitted_at > p_at - make_interval(days => policy.number('learning.every', p_at)::int)
      and (p_stored_only
           or abs((select count(*) from market.booking b where b.status = 'completed' and b.completed_at < p_at) - m.visits)
                <= policy.number('learning.growth', p_at) * m.visits)
    order by m.fitted_at desc
    limit 1
  )
  select m.*
  from stored s
  join prediction.fitted_model m using (fitted_at)
  union all
  -- Lateral to the condition, so that nothing is read for this branch if a stored model is valid.
  select f.*
  from (select p_at as at where not p_stored_only and not exists (select from stored)) missing
  cross join lateral prediction.fit_model(missing.at) f;
end;

comment on function prediction.model_at(timestamptz, boolean) is
$$The model that predictions at p_at use: the newest valid stored one, else one fitted now (prediction.fit_model).
A stored model (prediction.fitted_model) is valid if it is not newer than p_at, is younger than learning.every, and
completed bookings have not changed by more than learning.growth since.
p_stored_only: for questions about one person, which must not read all bookings. It skips the growth check, and fits nothing:
there is no row if no stored model is young enough. prediction.store_model(p_at) adds one.$$;
