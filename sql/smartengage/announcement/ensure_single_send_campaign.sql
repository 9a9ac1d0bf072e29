create or replace function smartengage.ensure_single_send_campaign(p_actor text, p_at timestamptz)
returns uuid
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_day constant date := (p_at at time zone policy.default_zone())::date;
  v_campaign_id uuid;
begin
  insert into smartengage.campaign (
    name, kind, status, segments, channels, holdout_share, starts_at, ends_at, created_at, created_by, changed_reason)
  values (
    'single sends ' || v_day, 'announcement', 'running', '{}', '{email,in_app,whatsapp,push,sms}', 0,
    v_day::timestamp at time zone policy.default_zone(), (v_day + 1)::timestamp at time zone policy.default_zone(),
    p_at, p_actor, 'the first single send of the day')
  on conflict (name) do nothing;
  select c.campaign_id into v_campaign_id from smartengage.campaign c where c.name = 'single sends ' || v_day;
  return v_campaign_id;
end;
$$;

comment on function smartengage.ensure_single_send_campaign(text, timestamptz) is
$$The campaign of a local day's single sends, created by the first of them.
Like any campaign it reconciles them and can stop them. It ends with the day. Result: its id.$$;
