create or replace function outreach.message_moves_forward()
returns trigger
language plpgsql
set search_path = ''
as $$
declare
  v_allowed boolean;
begin
  if (new.user_id, new.channel, new.purpose, new.message_class, new.obeys_caps, new.takes_slot, new.kind, new.campaign_id,
      new.run_id, new.occurrence, new.service_id, new.planned_at)
     is distinct from
     (old.user_id, old.channel, old.purpose, old.message_class, old.obeys_caps, old.takes_slot, old.kind, old.campaign_id,
      old.run_id, old.occurrence, old.service_id, old.planned_at) then
    raise exception 'A planned message is never relabelled' using errcode = 'SH409', detail = old.message_id::text;
  end if;
  if new.state <> old.state then
    v_allowed := case
      when old.state = 'scheduled' then new.state in ('claimed', 'expired', 'refused', 'failed')
      -- Back to scheduled: the provider refused for now, the slot is released.
      when old.state in ('claimed', 'in_doubt') then
        new.state in ('scheduled', 'failed', 'expired', 'refused') or outreach.message_state_rank(new.state) > outreach.message_state_rank(old.state)
      -- Taken over, then not delivered, and the provider said so.
      when old.state = 'sent' and new.state in ('scheduled', 'failed', 'expired') then
        outreach.all_deliveries_returned(old.message_id)
      else coalesce(outreach.message_state_rank(new.state) > outreach.message_state_rank(old.state), false)
    end;
    -- Null, from a state without rank (ghost), is no permission.
    if v_allowed is not true then
      raise exception 'A message does not go back' using errcode = 'SH409',
        detail = old.message_id || ': ' || old.state || ' > ' || new.state;
    end if;
  end if;
  return new;
end;
$$;

comment on function outreach.message_moves_forward() is
$$Trigger: what a message is stays frozen from its planning; its state is a partial order that never goes back, except that a claim which the provider refused for now, or a sending that it gave back, is scheduled again.$$;

create or replace trigger message_moves_forward
before update on outreach.message
for each row execute function outreach.message_moves_forward();
