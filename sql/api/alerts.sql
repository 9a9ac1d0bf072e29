create or replace function api.alerts(
  p_actor uuid, p_status text default null, p_kind text default null, p_cursor text default null, p_limit int default 20)
returns jsonb
language plpgsql stable parallel safe
security definer
set search_path = ''
as $$
declare
  v_at timestamptz;
  v_id uuid;
  v_page jsonb;
begin
  perform account.actor(p_actor, 'admin', clock.now());
  select c.at, c.id into v_at, v_id from account.cursor_place(p_cursor) c;
  with page as (
    select a.*, row_number() over (order by a.raised_at desc, a.alert_id desc) as n
    from policy.alert a
    where (p_status is null or (a.acknowledged_at is null) = (p_status = 'open'))
      and (p_kind is null or a.kind = p_kind)
      and (v_at is null or (a.raised_at, a.alert_id) < (v_at, v_id))
    order by a.raised_at desc, a.alert_id desc
    limit p_limit + 1
  )
  select jsonb_build_object(
    'items', coalesce(jsonb_agg(to_jsonb(g) - 'n' order by g.n) filter (where g.n <= p_limit), '[]'),
    'next_cursor', case when count(*) > p_limit then
      account.cursor(max(g.raised_at) filter (where g.n = p_limit), (array_agg(g.alert_id) filter (where g.n = p_limit))[1]) end)
  into v_page
  from page g;
  return v_page;
end;
$$;

comment on function api.alerts(uuid, text, text, text, int) is
$$What somebody has to look at, the latest first.
By status (open, acknowledged) and kind; in pages: next_cursor leads to the next, null = that was all.
Errors: SH401 the session has ended; SH403 another role.$$;
