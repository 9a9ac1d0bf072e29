create or replace function outreach.slot_is_held()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  -- Depth 2: the trigger of a delivery that is released.
  if tg_op = 'DELETE' and pg_trigger_depth() > 1 then
    return old;
  end if;
  raise exception 'A cap slot is freed only by releasing its delivery' using errcode = 'SH409', detail = old.message_id::text;
end;
$$;

comment on function outreach.slot_is_held() is
$$Trigger: cap slots cannot be updated, deleted or truncated, except by the release of their delivery. Errors: SH409.$$;

create or replace trigger slot_is_held
before update or delete on outreach.cap_slot
for each row execute function outreach.slot_is_held();

create or replace trigger slot_is_not_emptied
before truncate on outreach.cap_slot
for each statement execute function outreach.slot_is_held();
