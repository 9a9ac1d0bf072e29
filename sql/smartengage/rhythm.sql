create or replace function smartengage.rhythm(p_at timestamptz, p_share double precision)
  returns table (
    customer_id uuid, service_id uuid, visits bigint, first_day date, day date, last_at timestamptz, next_day date,
    log_gaps double precision[], whole_weeks bigint)
language sql stable parallel safe
begin atomic
  with gap as (
    select v.customer_id,
           v.service_id,
           v.day,
           v.last_at,
           lead(v.day) over visits as next_day,
           v.day - lag(v.day) over visits as days
      from smartengage.visit(p_at, p_share) v
    window visits as (partition by v.customer_id, v.service_id order by v.day))
  select g.customer_id,
         g.service_id,
         row_number() over so_far,
         first_value(g.day) over so_far,
         g.day,
         g.last_at,
         g.next_day,
         array_agg(ln(g.days::double precision)) filter (where g.days is not null)
           over (partition by g.customer_id, g.service_id order by g.day rows between 11 preceding and current row),
         count(*) filter (where g.days % 7 = 0) over so_far
    from gap g
  window so_far as (partition by g.customer_id, g.service_id order by g.day rows between unbounded preceding and current row);
end;

comment on function smartengage.rhythm(timestamptz, double precision) is
  'What was known at each visit about the rhythm of that customer and service: number of visits so far, ln of the last twelve gaps in '
  'days (null at the first visit) and how many gaps so far were whole weeks. next_day is the visit that followed, null if none before '
  'p_at. Logarithms, because people vary in proportion to their rhythm; twelve, because habits change.';
