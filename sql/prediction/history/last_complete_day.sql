create or replace function prediction.last_complete_day(p_at timestamptz) returns date
language sql stable parallel safe
return ((p_at - interval '12 hours') at time zone policy.default_zone())::date;

comment on function prediction.last_complete_day(timestamptz) is
  'The last local day that counts as over at p_at, which is rounded to the nearest local midnight. At 07:00 that is yesterday and '
  '"within 7 days" begins with the day that has just begun; at 20:00 it is today.';
