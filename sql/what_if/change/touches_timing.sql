create or replace function what_if.touches_timing(p_changes jsonb)
returns boolean
language sql immutable parallel safe
return p_changes ?| '{quiet_period,instead_of,reminder.useful_for}'::text[];

comment on function what_if.touches_timing(jsonb) is
$$Whether p_changes (see what_if.comparison) touch what is decided by the clock alone: quiet times, and how long a message is useful.$$;
