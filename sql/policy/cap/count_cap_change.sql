create or replace function policy.count_cap_change()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  update policy.cap_change_counter r set changes = r.changes + 1 where r.purpose = new.purpose;
  return null;
end;
$$;

comment on function policy.count_cap_change() is
$$Trigger: counts each change of a cap in the row of its purpose.
A delivery written under repeatable read locks that row, so it fails if its snapshot is older than the change.$$;

create or replace trigger cap_change_is_counted after insert or update on policy.cap
for each row execute function policy.count_cap_change();
