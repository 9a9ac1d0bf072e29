create or replace function policy.acts_for(p_author text)
returns void
language sql volatile parallel unsafe
begin atomic
  select set_config('shokti.actor', p_author, true);
end;

comment on function policy.acts_for(text) is
$$Tells the audit log who changes existing rows until the transaction ends; without it that is the login name.$$;
