create or replace function policy.set_audit_actor(p_author text)
returns void
language sql volatile parallel unsafe
begin atomic
  select set_config('shokti.actor', p_author, true);
end;

comment on function policy.set_audit_actor(text) is
$$Tells the audit log who changes existing rows until the transaction ends; without it that is the login name.$$;
