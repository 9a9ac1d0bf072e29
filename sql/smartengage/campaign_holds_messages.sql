create or replace function smartengage.campaign_holds_messages()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if new.status in ('paused', 'stopped') then
    insert into outreach.hold (campaign_id, kind, since)
    values (new.campaign_id, new.status, clock.now())
    on conflict (campaign_id) do update set kind = excluded.kind, since = excluded.since;
  else
    delete from outreach.hold h where h.campaign_id = new.campaign_id;
  end if;
  return null;
end;
$$;

comment on function smartengage.campaign_holds_messages() is
$$Trigger: a paused campaign's messages wait and a stopped one's are refused from the next claim on, whoever changed the status.$$;

create or replace trigger campaign_holds_messages
after insert or update of status on smartengage.campaign
for each row execute function smartengage.campaign_holds_messages();
