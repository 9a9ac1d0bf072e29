create or replace function api.alerts(
  p_actor uuid, p_status text default null, p_kind text default null, p_cursor text default null, p_limit int default 20)
returns jsonb
language plpgsql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
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
    from policy.alert a
    where (p_status is null or (a.acknowledged_at is null) = (p_status = 'open'))
      and (p_kind is null or a.kind = p_kind)
      and (v_at is null or (a.raised_at, a.alert_id) < (v_at, v_id))
    order by a.raised_at desc, a.alert_id desc
    limit p_limit + 1
  )
  select edge.page(
    array_agg(g.raised_at order by g.raised_at desc, g.alert_id desc),
    array_agg(g.alert_id order by g.raised_at desc, g.alert_id desc),
    array_agg(to_jsonb(g) - '{judged,judged_by}'::text[] order by g.raised_at desc, g.alert_id desc),
    p_limit)
  into v_page
  from page g;
  return v_page;
end;
$$;

comment on function api.alerts(uuid, text, text, text, int) is
$$Alerts, the latest first.
Filtered by `status` (open, acknowledged) and `kind`.
In pages: `next_cursor` leads to the next, null = last page.
Errors: SH401 the session has ended; SH403 another role.$$;
