create or replace function prediction.learn(p_at timestamptz) returns setof prediction.learning
language sql stable parallel safe
begin atomic
  with usual as materialized (
    select prediction.usual(p_at) as usual),
  hazard as materialized (
    select u.usual, h.weeks, h.curves
      from usual u
     cross join lateral prediction.hazard(p_at, u.usual) h)
  select p_at,
         (select count(*) from market.booking b where b.status = 'completed' and b.completed_at < p_at),
         h.usual,
         h.weeks,
         h.curves,
         (select array_agg(c.weights order by c.horizon) from prediction.correction(p_at, h.usual, h.weeks, h.curves) c)
    from hazard h;
end;

comment on function prediction.learn(timestamptz) is
  'Everything that the prediction learns from the bookings before p_at, as one row: what is usual (prediction.usual), how people come at '
  'each phase of their rhythm (prediction.hazard), and what sets that right (prediction.correction). Pure; prediction.keep_learning keeps it.';
