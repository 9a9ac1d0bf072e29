create or replace function policy.set_audit_actor(p_author text)
returns void
language sql volatile parallel unsafe
begin atomic
  select set_config('shokti.actor', p_author, true);
end;

comment on function policy.set_audit_actor(text) is
$$Sets who policy.audit names for changes of existing rows, until the end of the transaction.
Without it, the audit log names the login.$$;
