create or replace function what_if.replans_capped(p_changes jsonb)
returns boolean
language sql stable parallel safe
return not exists (select from policy.cap c where p_changes ? c.cap)
  or exists (select from jsonb_object_keys(p_changes) k where k not in (select c.cap from policy.cap c))
  or what_if.loosens_caps(p_changes);

comment on function what_if.replans_capped(jsonb) is
$$Whether a replay under p_changes (see what_if.comparison) asks if planning would have found a place free that it did not. Not if all that changes is caps that become stricter: they take away far more than they free, and every planned message would be looked up.$$;
