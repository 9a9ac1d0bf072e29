create or replace function policy.audit_is_append_only()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  raise exception 'Rows of the audit log cannot be changed or deleted' using errcode = 'SH409', detail = tg_op;
end;
$$;

comment on function policy.audit_is_append_only() is
$$Trigger: rows of policy.audit are never updated, deleted or truncated.$$;

create or replace trigger audit_is_append_only
before update or delete or truncate on policy.audit
for each statement execute function policy.audit_is_append_only();
