create or replace function outreach.next_suggested_booking_time(p_suggested_at timestamptz, p_at timestamptz)
returns timestamptz
language sql stable parallel safe
return p_suggested_at
  + greatest(0, ceil(
      extract(epoch from p_at + make_interval(hours => policy.number('link.suggest_ahead', p_at)::int) - p_suggested_at) / 86400))
    * interval '24 hours';

comment on function outreach.next_suggested_booking_time(timestamptz, timestamptz) is
$$The booking time that a link suggests when opened at p_at: the planned one, or its time of day on the first later day that is
at least link.suggest_ahead hours away. Result: null for null.$$;
