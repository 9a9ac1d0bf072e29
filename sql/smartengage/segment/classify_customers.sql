create or replace function smartengage.classify_customers(p_at timestamptz)
returns table (user_id uuid, visits int, first_visit_at timestamptz, last_visit_at timestamptz, segment text, segment_version int)
language sql stable parallel safe
begin atomic
  with visited as (
    select b.customer_id, count(*)::int as visits, min(b.completed_at) as first_visit_at, max(b.completed_at) as last_visit_at
    from market.booking b
    where b.status = 'completed'
      and b.completed_at < p_at
    group by b.customer_id
  ),
  -- A customer is overdue or lost if they are for every predicted service.
  rhythm as (
    select p.user_id, max(p.overdue_at) as overdue_at, max(p.lost_at) as lost_at
    from smartengage.predicted_booking p
    group by p.user_id
  ),
  customer as (
    select p.user_id, coalesce(v.visits, 0) as visits, v.first_visit_at, v.last_visit_at, r.overdue_at, r.lost_at
    from account.person p
    left join visited v on v.customer_id = p.user_id
    left join rhythm r on r.user_id = p.user_id
    where p.role = 'customer'
  )
  select c.user_id, c.visits, c.first_visit_at, c.last_visit_at, coalesce(d.segment, 'new'), coalesce(d.version, 1)
  from customer c
  left join lateral smartengage.segment_of(c.visits, c.first_visit_at, c.last_visit_at, c.overdue_at, c.lost_at, p_at) d on true;
end;

comment on function smartengage.classify_customers(timestamptz) is
$$Every customer with their segment at an instant. The segment is that of the first smartengage.segment_definition by position whose
conditions all hold; new if none matches.
Reads smartengage.predicted_booking, so refresh that for the same instant first (smartengage.refresh_snapshots does both).$$;
