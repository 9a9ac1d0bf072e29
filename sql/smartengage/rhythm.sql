create or replace function smartengage.rhythm(p_at timestamptz)
  returns table (
    customer_id uuid, service_id uuid, visits bigint, day date, last_at timestamptz, next_day date,
    sum_log double precision, sum_log_sq double precision)
language sql stable parallel safe
begin atomic
  with gap as (
    select v.customer_id,
           v.service_id,
           v.day,
           v.last_at,
           lead(v.day) over visits as next_day,
           ln((v.day - lag(v.day) over visits)::double precision) as log_gap
      from smartengage.visit(p_at) v
    window visits as (partition by v.customer_id, v.service_id order by v.day))
  select g.customer_id,
         g.service_id,
         row_number() over so_far,
         g.day,
         g.last_at,
         g.next_day,
         sum(g.log_gap) over so_far,
         sum(g.log_gap * g.log_gap) over so_far
    from gap g
  window so_far as (partition by g.customer_id, g.service_id order by g.day rows between unbounded preceding and current row);
end;

comment on function smartengage.rhythm(timestamptz) is
  'What was known at each visit about the rhythm of that customer and service: number of visits so far and the sums of ln(gap in days) '
  'and of its square over the gaps so far (null at the first visit). next_day is the visit that followed, null if none before p_at. '
  'Logarithms, because gaps of 7, 14 and 28 days differ by equal factors and people vary in proportion to their rhythm.';
