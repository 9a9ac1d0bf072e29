create or replace function prediction.last_complete_day(p_at timestamptz)
returns date
language sql stable parallel safe
return ((p_at - interval '12 hours') at time zone policy.default_zone())::date;

comment on function prediction.last_complete_day(timestamptz) is
$$The last local day that is complete at p_at, which is rounded to the nearest local midnight.
At 07:00 it is yesterday, so "within 7 days" includes today; at 20:00 it is today.$$;
