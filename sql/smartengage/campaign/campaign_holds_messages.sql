create or replace function smartengage.campaign_holds_messages()
returns trigger
language plpgsql
set search_path = ''
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
$$Trigger: from the next claim on, the messages of a campaign that was stopped are refused, and those of one that is paused, has failed, is a draft again, or has its flag off wait; whoever changed it. What a completed campaign has planned still goes.$$;

create or replace trigger campaign_holds_messages
after insert or update of status, enabled on smartengage.campaign
for each row execute function smartengage.campaign_holds_messages();
