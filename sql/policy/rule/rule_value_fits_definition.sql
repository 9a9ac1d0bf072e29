create or replace function policy.rule_value_fits_definition()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  perform policy.check_rule_value(new.rule, new.value);
  return new;
end;
$$;

comment on function policy.rule_value_fits_definition() is
$$Trigger: a rule's value has the type and bounds of its kind, whoever writes it.$$;

-- After, not before: a migration makes a kind and its first value in one statement, whose rows a trigger before it cannot see.
create or replace trigger rule_value_fits_definition
after insert or update on policy.rule
for each row execute function policy.rule_value_fits_definition();
