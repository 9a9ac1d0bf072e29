create or replace function policy.audit_change()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  v_old jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) end;
  v_new jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) end;
begin
  -- Actor: the author of a new row, else the name given to policy.set_audit_actor, else the login.
  insert into policy.audit (happened_at, actor, action, subject, detail)
  values (clock.now(),
          coalesce(case when tg_op = 'INSERT' then v_new ->> 'author' end,
                   nullif(current_setting('shokti.actor', true), ''), session_user),
          lower(tg_op), tg_table_schema || '.' || tg_table_name,
          jsonb_build_object('old', v_old, 'new', v_new, 'login', session_user));
  return null;
end;
$$;

comment on function policy.audit_change() is
$$Trigger: writes every change of a policy row to policy.audit, including changes made in psql.
detail: {old, new, login}; login is the session's login name, whatever role is set.$$;

create or replace trigger rule_is_audited after insert or update or delete on policy.rule
for each row execute function policy.audit_change();
create or replace trigger cap_is_audited after insert or update or delete on policy.cap
for each row execute function policy.audit_change();
create or replace trigger proposal_is_audited after insert or update or delete on policy.proposal
for each row execute function policy.audit_change();
create or replace trigger message_class_is_audited after insert or update or delete on policy.message_class
for each row execute function policy.audit_change();
create or replace trigger quiet_period_is_audited after insert or update or delete on policy.quiet_period
for each row execute function policy.audit_change();
create or replace trigger installation_is_audited after insert or update or delete on policy.installation
for each row execute function policy.audit_change();
