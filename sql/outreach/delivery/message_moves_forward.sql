create or replace function outreach.message_moves_forward()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  v_allowed boolean;
begin
  if (new.user_id, new.channel, new.purpose, new.message_class, new.obeys_caps, new.takes_slot, new.kind, new.campaign_id,
      new.run_id, new.occurrence, new.service_id, new.planned_at)
     is distinct from
     (old.user_id, old.channel, old.purpose, old.message_class, old.obeys_caps, old.takes_slot, old.kind, old.campaign_id,
      old.run_id, old.occurrence, old.service_id, old.planned_at) then
    raise exception 'Recipient, purpose, class and campaign of a message cannot be changed' using errcode = 'SH409',
      detail = old.message_id::text;
  end if;
  if new.state <> old.state then
    v_allowed := case
      when old.state = 'scheduled' then new.state in ('claimed', 'expired', 'refused', 'failed')
      -- Back to scheduled: refused by the provider for now; the delivery is released.
      when old.state in ('claimed', 'in_doubt') then
        new.state in ('scheduled', 'failed', 'expired', 'refused')
        or outreach.message_state_rank(new.state) > outreach.message_state_rank(old.state)
      -- Accepted, then returned by the provider.
      when old.state = 'sent' and new.state in ('scheduled', 'failed', 'expired') then
        outreach.all_deliveries_returned(old.message_id)
      else coalesce(outreach.message_state_rank(new.state) > outreach.message_state_rank(old.state), false)
    end;
    -- Null, from a state without rank (ghost), is not allowed.
    if v_allowed is not true then
      raise exception 'A message cannot go back to an earlier state' using errcode = 'SH409',
        detail = old.message_id || ': ' || old.state || ' > ' || new.state;
    end if;
  end if;
  return new;
end;
$$;

comment on function outreach.message_moves_forward() is
$$Trigger: what a message is stays frozen from its planning, and its state never goes back (outreach.message_state_rank).
Exception: a message refused for now, or returned, by the provider is scheduled again. Errors: SH409.$$;

create or replace trigger message_moves_forward
before update on outreach.message
for each row execute function outreach.message_moves_forward();
