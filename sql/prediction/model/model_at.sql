create or replace function prediction.model_at(p_at timestamptz, p_as_kept boolean default false) returns setof prediction.fitted_model
language sql stable parallel safe
begin atomic
  with kept as materialized (
    select l.learned_at
      from prediction.fitted_model l
     where l.learned_at <= p_at
       and l.learned_at > p_at - make_interval(days => policy.number('learning.every', p_at)::int)
       and (p_as_kept
            or abs((select count(*) from market.booking b where b.status = 'completed' and b.completed_at < p_at) - l.visits)
                 <= policy.number('learning.growth', p_at) * l.visits)
     order by l.learned_at desc
     limit 1)
  select l.*
    from kept k
    join prediction.fitted_model l using (learned_at)
   union all
  -- lateral to whether it is needed: where something is kept, nothing is read for this
  select f.*
    from (select p_at as at where not p_as_kept and not exists (select from kept)) needed
   cross join lateral prediction.fit_model(needed.at) f;
end;

comment on function prediction.model_at(timestamptz, boolean) is
  'What the prediction at p_at goes by: what was kept of the days before (prediction.fitted_model), while it is younger than learning.every and '
  'the bookings have not changed by more than learning.growth since; else learned now (prediction.fit_model). Nothing that was learned '
  'after p_at is used. p_as_kept: for the question about one person, which must not read the bookings of everybody: they are not counted (had they '
  'been too many at p_at, what was learned then would be kept), and where nothing is kept there is no row. prediction.store_model(p_at) mends that.';
