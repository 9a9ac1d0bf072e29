create or replace function policy.audit_change()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  -- The session's login name, not the role it took on: who was it?
  insert into policy.audit (happened_at, actor, action, subject, detail)
  values (clock.now(), coalesce(to_jsonb(new) ->> 'author', session_user), lower(tg_op),
          tg_table_schema || '.' || tg_table_name,
          jsonb_build_object('old', case when tg_op <> 'INSERT' then to_jsonb(old) end,
                             'new', case when tg_op <> 'DELETE' then to_jsonb(new) end,
                             'login', session_user));
  return null;
end;
$$;

comment on function policy.audit_change() is
$$Trigger: every change of a policy row is written to policy.audit, also one made by psql.$$;

create or replace trigger rule_is_audited after insert or update or delete on policy.rule
for each row execute function policy.audit_change();
create or replace trigger cap_is_audited after insert or update or delete on policy.cap
for each row execute function policy.audit_change();
create or replace trigger message_class_is_audited after insert or update or delete on policy.message_class
for each row execute function policy.audit_change();
create or replace trigger quiet_period_is_audited after insert or update or delete on policy.quiet_period
for each row execute function policy.audit_change();
create or replace trigger word_is_audited after insert or update or delete on policy.word
for each row execute function policy.audit_change();
create or replace trigger installation_is_audited after insert or update or delete on policy.installation
for each row execute function policy.audit_change();
