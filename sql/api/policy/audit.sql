create or replace function api.audit(
  p_actor uuid, p_by text default null, p_action text default null, p_subject text default null,
  p_since timestamptz default null, p_until timestamptz default null, p_cursor text default null, p_limit int default 20)
returns jsonb
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
-- Custom plans, so that each combination of filters uses its own index instead of scanning the log backwards.
set plan_cache_mode = 'force_custom_plan'
as $$
declare
  v_at timestamptz;
  v_id uuid;
  v_page jsonb;
begin
  perform account.authenticate(p_actor, 'admin', clock.now());
  select c.at, c.id into v_at, v_id from edge.cursor_position(p_cursor) c;
  with page as (
    select a.*
    from policy.audit_entries(p_by, p_action, p_subject, p_since, p_until, v_at, v_id, p_limit + 1) a
  )
  select edge.page(
    array_agg(g.happened_at order by g.happened_at desc, g.audit_id desc),
    array_agg(g.audit_id order by g.happened_at desc, g.audit_id desc),
    array_agg(jsonb_build_object(
      'audit_id', g.audit_id, 'happened_at', g.happened_at, 'actor', g.actor, 'action', g.action, 'subject', g.subject,
      'detail', g.detail) order by g.happened_at desc, g.audit_id desc),
    p_limit)
  into v_page
  from page g;
  return v_page;
end;
$$;

comment on function api.audit(uuid, text, text, text, timestamptz, timestamptz, text, int) is
$$The audit log, the latest first: changes of rules, sign-ins, erasures and acts of admins, by ids and without personal data.
Filtered by actor (`by`), action, subject and time.
In pages: `next_cursor` leads to the next, null = last page.
Errors: SH401 the session has ended; SH403 another role.$$;
