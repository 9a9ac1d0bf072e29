create or replace function what_if.loosens_caps(p_changes jsonb)
returns boolean
language sql stable parallel safe
return exists (
  select
  from policy.cap c
  join what_if.cap_versions(p_changes) t on (t.cap, t.version) = (c.cap, c.version)
  where t.max_messages is null and c.max_messages is not null
     or t.max_messages > c.max_messages
     or t.window_hours < c.window_hours);

comment on function what_if.loosens_caps(jsonb) is
$$Whether any version of a cap lets more through under p_changes (see what_if.comparison).$$;
