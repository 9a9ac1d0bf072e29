create or replace function smartengage.campaign_holds_messages()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  if new.status not in ('running', 'scheduled', 'completed') or not new.enabled then
    insert into outreach.campaign_hold (campaign_id, kind, since)
    values (new.campaign_id, case new.status when 'stopped' then 'stopped' else 'paused' end, clock.now())
    on conflict (campaign_id) do update set kind = excluded.kind, since = excluded.since;
  else
    delete from outreach.campaign_hold h where h.campaign_id = new.campaign_id;
  end if;
  return null;
end;
$$;

comment on function smartengage.campaign_holds_messages() is
$$Trigger: the status of a campaign binds its waiting messages from the next claim on, whoever changes it.
Those of a stopped campaign are refused; those of a paused, failed, draft or disabled one wait.
Those of a completed one are sent.$$;

create or replace trigger campaign_holds_messages
after insert or update of status, enabled on smartengage.campaign
for each row execute function smartengage.campaign_holds_messages();
