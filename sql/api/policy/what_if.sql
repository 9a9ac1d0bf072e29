create or replace function api.what_if(
  p_actor uuid, p_rule text, p_value jsonb, p_since timestamptz default null, p_until timestamptz default null)
returns jsonb
language plpgsql stable parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
set work_mem = '64MB'
as $$
declare
  v_until constant timestamptz := coalesce(p_until, clock.now());
  v_since constant timestamptz := coalesce(p_since, v_until - interval '365 days');
begin
  perform account.authenticate(p_actor, 'admin', clock.now());
  if not exists (select from policy.rule_definition k where k.rule = p_rule)
     and not exists (select from policy.cap c where c.cap = p_rule) then
    raise exception 'There is no such rule or cap' using errcode = 'SH404', detail = p_rule;
  end if;
  return what_if.comparison_document(v_since, v_until, jsonb_build_object(p_rule, p_value), clock.now())
    || jsonb_build_object(
      'rule', p_rule,
      'value', p_value,
      'versions', coalesce((
        select jsonb_agg(v.version order by v.version)
        from (
          select r.version, r.valid_at from policy.rule r where r.rule = p_rule
          union all
          select c.version, c.valid_at from policy.cap c where c.cap = p_rule
        ) v
        where v.valid_at && tstzrange(v_since, v_until)), '[]'));
end;
$$;

comment on function api.what_if(uuid, text, jsonb, timestamptz, timestamptz) is
$$Replays history with another value of a cap.
By default the last 365 days. Lists which sent messages would have been sent unchanged, later, earlier or not at all (with reasons),
which refused ones would have been sent, and which bookings are at risk; by segment. Nothing is changed.
A cap takes `max_messages` (0 = never, null = no limit) and `window_hours`. A rule of planning is tried by
POST /admin/campaigns/{campaign_id}/preview instead. `limits` lists the assumptions.
Errors: SH401 the session has ended; SH403 another role; SH404 no such rule or cap; SH409 another what-if is running;
SH422 a rule, a value or a period that cannot be replayed, with the field.$$;
