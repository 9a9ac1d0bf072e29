create or replace function smartengage.campaign_messages(
  p_campaign_id uuid, p_run_id uuid, p_user_id uuid, p_states text[], p_channel text, p_cursor text, p_limit int)
returns jsonb
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
-- The best index depends on the filters given.
set plan_cache_mode = force_custom_plan
as $$
declare
  v_run_ids uuid[];
  v_id uuid;
  v_page jsonb;
begin
  if p_campaign_id is not null or p_run_id is not null then
    select coalesce(array_agg(r.run_id), '{}') into v_run_ids
    from smartengage.run r
    where r.campaign_id = coalesce(p_campaign_id, r.campaign_id)
      and r.run_id = coalesce(p_run_id, r.run_id);
  end if;
  select c.id into v_id from edge.cursor_position(p_cursor) c;
  with page as (
    select m.*
    from outreach.message m
    where (v_run_ids is null or m.run_id = any (v_run_ids))
      and (p_user_id is null or m.user_id = p_user_id)
      and (p_states is null or m.state = any (p_states))
      and (p_channel is null or m.channel = p_channel)
      and (v_id is null or m.message_id < v_id)
      and m.run_id is not null
    order by m.message_id desc
    limit p_limit + 1
  )
  select edge.page(
    array_agg(g.planned_at order by g.message_id desc),
    array_agg(g.message_id order by g.message_id desc),
    array_agg(jsonb_build_object(
      'message_id', g.message_id, 'user_id', g.user_id, 'campaign_id', g.campaign_id, 'run_id', g.run_id, 'kind', g.kind,
      'message_class', g.message_class, 'channel', g.channel, 'state', g.state, 'state_at', g.state_at, 'reason', g.reason,
      'rule', g.rule, 'rule_version', g.rule_version, 'planned_at', g.planned_at, 'due_at', g.due_at,
      'useful_until', g.useful_until, 'sent_at', d.sent_at,
      'service_id', g.service_id, 'template_id', g.template_id, 'occurrence', g.occurrence,
      'exempt_reason', g.exempt_reason) order by g.message_id desc),
    p_limit)
  into v_page
  from page g
  left join outreach.delivery d on d.message_id = g.message_id and d.state <> 'released';
  return v_page;
end;
$$;

comment on function smartengage.campaign_messages(uuid, uuid, uuid, text[], text, text, int) is
$$A page of the messages of campaigns, last planned first (message ids are ordered by time): {items, next_cursor}.
A null filter is not applied. Items have ids only, no texts. sent_at: of the delivery that is not released; null = none.$$;
