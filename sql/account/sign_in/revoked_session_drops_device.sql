create or replace function account.revoked_session_drops_device()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  delete from account.contact c where c.session_id = new.session_id;
  return null;
end;
$$;

comment on function account.revoked_session_drops_device() is
$$Trigger: a session that is revoked, for any reason, deletes the push address of its device.$$;

create or replace trigger revoked_session_drops_device
after update on account.session
for each row
when (old.revoked_at is null and new.revoked_at is not null)
execute function account.revoked_session_drops_device();
