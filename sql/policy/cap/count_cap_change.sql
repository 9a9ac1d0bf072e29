create or replace function policy.count_cap_change()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  update policy.cap_change_counter r set changes = r.changes + 1 where r.purpose = new.purpose;
  return null;
end;
$$;

comment on function policy.count_cap_change() is
$$Trigger: every change of a cap is counted on the row of its purpose, where a sending from an older snapshot notices it.$$;

create or replace trigger cap_change_is_counted after insert or update on policy.cap
for each row execute function policy.count_cap_change();
