create or replace function policy.history_is_append_only()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_op = 'UPDATE'
     and to_jsonb(old) - 'valid_at' = to_jsonb(new) - 'valid_at'
     and policy.validity_change_allowed(old.valid_at, new.valid_at, clock.now()) then
    return new;
  end if;
  raise exception 'A version is never changed or deleted' using errcode = 'SH409',
    detail = tg_table_name, hint = 'Set a new version with policy.change_rule or policy.change_cap.';
end;
$$;

comment on function policy.history_is_append_only() is
$$Trigger: versions of rules, caps and segments are never edited or deleted; only the end of a version can be set.$$;

create or replace trigger rule_history_is_append_only
before update or delete on policy.rule
for each row execute function policy.history_is_append_only();

create or replace trigger cap_history_is_append_only
before update or delete on policy.cap
for each row execute function policy.history_is_append_only();

create or replace trigger rule_history_is_not_emptied
before truncate on policy.rule
for each statement execute function policy.history_is_append_only();

create or replace trigger cap_history_is_not_emptied
before truncate on policy.cap
for each statement execute function policy.history_is_append_only();
