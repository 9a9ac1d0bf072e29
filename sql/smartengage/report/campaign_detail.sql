create or replace function smartengage.campaign_detail(p_campaign_id uuid, p_at timestamptz)
returns jsonb
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_document jsonb;
begin
  select d.document into v_document from smartengage.campaign_document d where d.campaign_id = p_campaign_id;
  if not found then
    raise exception 'There is no such campaign' using errcode = 'SH404', detail = p_campaign_id::text;
  end if;
  return v_document || jsonb_build_object(
    'guardrails', (
      select jsonb_agg(to_jsonb(g) order by g.guardrail) from smartengage.guardrails(p_campaign_id, p_at) g),
    'runs', (
      select coalesce(jsonb_agg(smartengage.run_report(r.run_id) order by r.planned_at desc, r.run_id desc), '[]')
      from (
        select r.run_id, r.planned_at
        from smartengage.run r
        where r.campaign_id = p_campaign_id
        order by r.planned_at desc, r.run_id desc
        limit 10
      ) r));
end;
$$;

comment on function smartengage.campaign_detail(uuid, timestamptz) is
$$A campaign (smartengage.campaign_document) with its guardrails (smartengage.guardrails) and the figures of its last ten runs
(smartengage.run_report). Errors: SH404 no such campaign.$$;
