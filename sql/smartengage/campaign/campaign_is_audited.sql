create or replace function smartengage.campaign_is_audited()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  insert into policy.audit (happened_at, actor, action, subject, detail)
  select
    clock.now(),
    case tg_op when 'INSERT' then new.created_by when 'UPDATE' then new.changed_by else session_user end,
    'campaign_' || case when tg_op = 'UPDATE' and new.status = old.status then 'changed' when tg_op = 'DELETE' then 'deleted'
                        when tg_op = 'INSERT' then 'created' else new.status end,
    'campaign ' || coalesce(new.campaign_id, old.campaign_id),
    jsonb_build_object('reason', new.changed_reason, 'login', session_user, 'changed', jsonb_object_agg(
      n.key, case when tg_op = 'UPDATE' then jsonb_build_array(o.value, n.value) else n.value end))
  from jsonb_each(to_jsonb(coalesce(new, old))) as n
  left join jsonb_each(to_jsonb(old)) as o on o.key = n.key
  where tg_op <> 'UPDATE'
     or n.value <> o.value and n.key not in ('version', 'changed_by', 'changed_reason');
  return null;
end;
$$;

comment on function smartengage.campaign_is_audited() is
$$Trigger: every change of a campaign is written to policy.audit with actor and reason, also a change by psql.
detail.changed: {column: [before, after]}; {column: value} of a new or deleted campaign.$$;

create or replace trigger campaign_is_audited
after insert or update or delete on smartengage.campaign
for each row execute function smartengage.campaign_is_audited();
