create or replace function policy.audit_is_append_only()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  raise exception 'The audit log is never changed' using errcode = 'SH409', detail = tg_op;
end;
$$;

comment on function policy.audit_is_append_only() is
$$Trigger: no row of policy.audit is changed, deleted or truncated.$$;

create or replace trigger audit_is_append_only
before update or delete or truncate on policy.audit
for each statement execute function policy.audit_is_append_only();
