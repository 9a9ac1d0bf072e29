create or replace function api.campaigns(
  p_actor uuid, p_status text default null, p_cursor text default null, p_limit int default 20)
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
    select c.campaign_id, c.created_at
    from smartengage.campaign c
    where (p_status is null or c.status = any (string_to_array(p_status, ',')))
      and (v_at is null or (c.created_at, c.campaign_id) < (v_at, v_id))
    order by c.created_at desc, c.campaign_id desc
    limit p_limit + 1
  )
  select edge.page(
    array_agg(g.created_at order by g.created_at desc, g.campaign_id desc),
    array_agg(g.campaign_id order by g.created_at desc, g.campaign_id desc),
    array_agg(d.document order by g.created_at desc, g.campaign_id desc),
    p_limit)
  into v_page
  from page g
  join smartengage.campaign_document d on d.campaign_id = g.campaign_id;
  return v_page;
end;
$$;

comment on function api.campaigns(uuid, text, text, int) is
$$Campaigns, the newest first.
Filtered by `status` (several separated by commas).
In pages: `next_cursor` leads to the next, null = last page.
Errors: SH401 the session has ended; SH403 another role.$$;
