create or replace function market.booking_moves_forward()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  if new.status <> old.status
     and (old.status, new.status) not in (
       ('pending', 'confirmed'), ('confirmed', 'in_progress'), ('in_progress', 'completed'),
       ('pending', 'cancelled'), ('confirmed', 'cancelled'))
     and not (old.status = 'in_progress' and new.status = 'cancelled' and new.cancelled_by = 'admin') then
    raise exception 'The status of a booking cannot change like this' using errcode = 'SH409',
      detail = old.status || ' > ' || new.status, constraint = 'booking_moves_forward';
  end if;
  return new;
end;
$$;

comment on function market.booking_moves_forward() is
$$Trigger: allows only forward steps of a booking's status, for every writer.
pending > confirmed > in_progress > completed; pending or confirmed > cancelled; in_progress > cancelled by an admin only.
Errors: SH409 with constraint booking_moves_forward.$$;

create or replace trigger booking_moves_forward
before update of status on market.booking
for each row execute function market.booking_moves_forward();
