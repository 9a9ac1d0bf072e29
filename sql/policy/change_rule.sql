create or replace function policy.change_rule(p_rule text, p_value jsonb, p_author text, p_reason text, p_from timestamptz)
returns int
language plpgsql volatile parallel unsafe
set search_path = ''
as $$
declare
  v_last int;
begin
  -- One change at a time per rule; the kind row is the lock, so that the version read below is the newest.
  perform 1 from policy.rule_kind k where k.rule = p_rule for update;
  if not found then
    raise exception 'There is no such rule' using errcode = 'SH404', detail = p_rule;
  end if;
  select max(r.version) into v_last from policy.rule r where r.rule = p_rule;
  if exists (select from policy.rule r where r.rule = p_rule and lower(r.valid_at) >= p_from) then
    raise exception 'A later version of the rule is already set' using errcode = 'SH409', detail = p_rule;
  end if;
  update policy.rule r
  set valid_at = tstzrange(lower(r.valid_at), p_from)
  where r.rule = p_rule
    and r.valid_at @> p_from;
  insert into policy.rule (rule, version, value, valid_at, author, reason)
  values (p_rule, coalesce(v_last, 0) + 1, p_value, tstzrange(p_from, null), p_author, p_reason);
  return coalesce(v_last, 0) + 1;
end;
$$;

comment on function policy.change_rule(text, jsonb, text, text, timestamptz) is
$$Sets a rule from an instant on; the version in force until then ends there.
Result: the new version. Errors: SH404 unknown rule, SH409 a later version exists, SH422 value of the wrong type or out of bounds (by trigger).$$;
