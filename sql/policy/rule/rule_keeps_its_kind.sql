create or replace function policy.rule_keeps_its_kind()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  perform policy.check_value(new.rule, new.value);
  return new;
end;
$$;

comment on function policy.rule_keeps_its_kind() is
$$Trigger: a rule's value has the type and bounds of its kind, whoever writes it.$$;

-- After, not before: a migration makes a kind and its first value in one statement, whose rows a trigger before it cannot see.
create or replace trigger rule_keeps_its_kind
after insert or update on policy.rule
for each row execute function policy.rule_keeps_its_kind();
