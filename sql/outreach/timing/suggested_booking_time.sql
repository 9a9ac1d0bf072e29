create or replace function outreach.suggested_booking_time(p_user_id uuid, p_service_id uuid, p_expected_at timestamptz, p_at timestamptz)
returns table (suggested_at timestamptz)
language sql stable parallel safe
begin atomic
  -- The brackets matter: "at time zone" binds closer than +, and a time alone would be read in the session's zone.
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
$$The time that a booking link is pre-filled with: the expected day, tomorrow at the earliest, at the hour of the person's last visit for this service.
Result: one row. A set, so that it becomes part of the query that asks for many people.$$;
