create or replace function smartengage.pulse(p_at timestamptz)
  returns table (
    customer_id uuid, service_id uuid, visits bigint, day date, last_at timestamptz, next_day date,
    center double precision, spread double precision, class int)
language sql stable parallel safe
begin atomic
  with shrunken as (
    select r.customer_id, r.service_id, r.visits, r.day, r.last_at, r.next_day,
           (r.sum_log + h.weight * h.mean_log) / (r.visits - 1 + h.weight) as center,
           sqrt((greatest(r.sum_log_sq - r.sum_log * r.sum_log / (r.visits - 1), 0) + 2 * h.variance) / (r.visits - 2 + 2)) as spread
      from smartengage.rhythm(p_at) r
      join smartengage.habit(p_at) h using (service_id)
     where r.visits >= 2)
  select s.customer_id, s.service_id, s.visits, s.day, s.last_at, s.next_day, s.center, s.spread,
         width_bucket(s.spread, array[0.08, 0.12, 0.18, 0.27, 0.4, 0.6, 0.9]::double precision[])
           + case when s.visits >= 5 then 8 else 0 end
    from shrunken s;
end;

comment on function smartengage.pulse(timestamptz) is
  'At each visit from the second on: center = expected ln(gap) and spread = its standard deviation, both shrunken to what is usual for '
  'the service; class = how regular (0 = within 8 % … 7) and how well known (from five visits on, 8 is added).';
