create or replace function outreach.with_safety_margin(p_stretch tstzrange, p_margin interval)
returns tstzrange
language sql stable parallel safe
return tstzrange(
  lower(p_stretch), upper(p_stretch) - least(p_margin, (upper(p_stretch) - lower(p_stretch)) / 2));

comment on function outreach.with_safety_margin(tstzrange, interval) is
$$A stretch between quiet times as sendings are planned in it: without the last minutes (rule quiet.margin), in which the wake-up and the sending itself could be overtaken by the next quiet time. A short one keeps its first half.$$;
