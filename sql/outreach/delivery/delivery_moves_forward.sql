create or replace function outreach.delivery_moves_forward()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_op in ('DELETE', 'TRUNCATE') then
    raise exception 'A delivery cannot be deleted' using errcode = 'SH409', detail = old.message_id::text;
  end if;
  if (new.message_id, new.attempt, new.user_id, new.channel, new.purpose, new.takes_slot, new.sent_at,
      new.consent_channel, new.consent_purpose)
     is distinct from
     (old.message_id, old.attempt, old.user_id, old.channel, old.purpose, old.takes_slot, old.sent_at,
      old.consent_channel, old.consent_purpose) then
    raise exception 'Person, channel, purpose, instant and consent of a delivery cannot be changed' using errcode = 'SH409',
      detail = old.message_id::text;
  end if;
  if new.state <> old.state
     and (old.state, new.state) not in (
       ('claimed', 'accepted'), ('claimed', 'in_doubt'), ('claimed', 'released'), ('claimed', 'bounced'),
       ('in_doubt', 'accepted'), ('in_doubt', 'released'), ('in_doubt', 'bounced'),
       ('accepted', 'bounced'))
     and not (old.state = 'accepted' and new.state = 'released' and outreach.is_returned(old.message_id, old.attempt)) then
    raise exception 'A delivery cannot go back to an earlier state' using errcode = 'SH409',
      detail = old.message_id || ': ' || old.state || ' > ' || new.state;
  end if;
  if new.state = 'released' and old.state <> 'released' then
    delete from outreach.cap_slot s where s.message_id = new.message_id and s.attempt = new.attempt;
    new.release_no := nextval('outreach.decision_no');
  end if;
  return new;
end;
$$;

comment on function outreach.delivery_moves_forward() is
$$Trigger: identity, purpose, instant and consent of a delivery are frozen, and its state never goes back.
Only a delivery refused before acceptance, or returned by the provider (event returned), is released and frees its cap slots.
Errors: SH409.$$;

create or replace trigger delivery_moves_forward
before update or delete on outreach.delivery
for each row execute function outreach.delivery_moves_forward();

create or replace trigger delivery_is_not_emptied
before truncate on outreach.delivery
for each statement execute function outreach.delivery_moves_forward();
