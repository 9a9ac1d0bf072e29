create or replace function outreach.with_safety_margin(p_open_window tstzrange, p_margin interval)
returns tstzrange
language sql stable parallel safe
return tstzrange(
  lower(p_open_window), upper(p_open_window) - least(p_margin, (upper(p_open_window) - lower(p_open_window)) / 2));

comment on function outreach.with_safety_margin(tstzrange, interval) is
$$An open window without its last minutes (rule quiet.margin), in which a late wake-up or delivery would reach the next quiet range.
A short window keeps its first half.$$;
