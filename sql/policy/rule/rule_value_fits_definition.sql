create or replace function policy.rule_value_fits_definition()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  perform policy.check_rule_value(new.rule, new.value);
  return new;
end;
$$;

comment on function policy.rule_value_fits_definition() is
$$Trigger: the value of a rule has the type and bounds of its definition, whoever writes it.$$;

-- After, not before: a migration inserts a definition and its first value in one statement, and a before trigger
-- cannot see the rows of its own statement.
create or replace trigger rule_value_fits_definition
after insert or update on policy.rule
for each row execute function policy.rule_value_fits_definition();
