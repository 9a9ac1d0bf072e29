create or replace function policy.rule_keeps_its_kind()
returns trigger
language plpgsql
set search_path = ''
as $$
declare
  v_kind policy.rule_kind;
begin
  select k.* into v_kind from policy.rule_kind k where k.rule = new.rule;
  if jsonb_typeof(new.value) <> v_kind.value_type then
    raise exception 'The value of a rule has another type' using errcode = 'SH422',
      detail = new.rule || ': ' || new.value, hint = 'Give a ' || v_kind.value_type || '.';
  end if;
  -- case, as the sides of an "and" are evaluated in any order, and only a number can be cast to one.
  if (case v_kind.value_type
        when 'number' then not (new.value #>> '{}')::numeric between coalesce(v_kind.minimum, '-infinity') and coalesce(v_kind.maximum, 'infinity')
      end) then
    raise exception 'The value of a rule is out of its bounds' using errcode = 'SH422',
      detail = new.rule || ': ' || new.value, hint = format('Between %s and %s %s.', v_kind.minimum, v_kind.maximum, v_kind.unit);
  end if;
  if v_kind.value_type = 'boolean' and v_kind.meaning ~ 'annot be switched off' and new.value <> 'true' then
    raise exception 'This rule cannot be switched off' using errcode = 'SH422', detail = new.rule;
  end if;
  if new.rule = 'default_zone' and not exists (select from policy.time_zone z where z.name = new.value #>> '{}') then
    raise exception 'The default time zone is not one that this server knows' using errcode = 'SH422',
      detail = new.value::text, hint = 'Give an IANA name of policy.time_zone.';
  end if;
  return new;
end;
$$;

comment on function policy.rule_keeps_its_kind() is
$$Trigger: a rule's value has the type and bounds of its kind, whoever writes it.$$;

-- After, not before: a migration makes a kind and its first value in one statement, whose rows a trigger before it cannot see.
create or replace trigger rule_keeps_its_kind
after insert or update on policy.rule
for each row execute function policy.rule_keeps_its_kind();
