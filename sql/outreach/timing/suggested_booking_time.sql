create or replace function outreach.suggested_booking_time(
  p_user_id uuid, p_service_id uuid, p_expected_at timestamptz, p_at timestamptz)
returns table (suggested_at timestamptz)
language sql stable parallel safe
begin atomic
  -- The parentheses matter: "at time zone" binds tighter than +, and a time alone would use the zone of the session.
  select ((greatest(p_expected_at, p_at + interval '1 day') at time zone (select policy.default_zone()))::date
          + coalesce((
              select (b.scheduled_at at time zone (select policy.default_zone()))::time
              from market.booking b
              where b.customer_id = p_user_id
                and b.service_id = p_service_id
                and b.status = 'completed'
                and b.completed_at < p_at
              order by b.completed_at desc
              limit 1), time '10:00')) at time zone (select policy.default_zone());
end;

comment on function outreach.suggested_booking_time(uuid, uuid, timestamptz, timestamptz) is
$$The booking time that a link suggests: the expected day, at the earliest tomorrow, at the time of the last visit for the service.
Without a visit, at 10:00. In the default zone. Result: one row; set-returning, so that it is inlined into queries over people.$$;
