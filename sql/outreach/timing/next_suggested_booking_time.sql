create or replace function outreach.next_suggested_booking_time(p_suggested_at timestamptz, p_at timestamptz)
returns timestamptz
language sql immutable parallel safe
return p_suggested_at
  + greatest(0, ceil(extract(epoch from p_at + interval '3 hours' - p_suggested_at) / 86400)) * interval '24 hours';

comment on function outreach.next_suggested_booking_time(timestamptz, timestamptz) is
$$The time that a link suggests when it is opened at an instant: the one planned, or the same time of day on the first day for which it is not too late (three hours ahead).$$;
