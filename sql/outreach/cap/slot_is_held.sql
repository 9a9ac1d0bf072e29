create or replace function outreach.slot_is_held()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  -- Depth 2: the delivery's own trigger, releasing.
  if tg_op = 'DELETE' and pg_trigger_depth() > 1 then
    return old;
  end if;
  raise exception 'A slot is given back only by releasing its delivery' using errcode = 'SH409', detail = old.message_id::text;
end;
$$;

comment on function outreach.slot_is_held() is
$$Trigger: slots are not edited or deleted by hand.$$;

create or replace trigger slot_is_held
before update or delete on outreach.cap_slot
for each row execute function outreach.slot_is_held();

create or replace trigger slot_is_not_emptied
before truncate on outreach.cap_slot
for each statement execute function outreach.slot_is_held();
