create or replace function policy.change_rule(
  p_rule text, p_value jsonb, p_author text, p_reason text, p_from timestamptz,
  p_at timestamptz default null, p_proposal_id uuid default null)
returns int
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_last int;
begin
  perform policy.lock_changes();
  perform policy.set_audit_actor(p_author);
  if not exists (select from policy.rule_definition d where d.rule = p_rule) then
    raise exception 'There is no such rule' using errcode = 'SH404', detail = p_rule;
  end if;
  select max(r.version) into v_last from policy.rule r where r.rule = p_rule;
  -- A new version replaces scheduled ones: those that have not begun at p_at are withdrawn.
  update policy.rule r
  set valid_at = 'empty'
  where r.rule = p_rule
    and lower(r.valid_at) >= p_from
    and lower(r.valid_at) > p_at;
  if exists (select from policy.rule r where r.rule = p_rule and lower(r.valid_at) >= p_from) then
    raise exception 'A later version of the rule exists' using errcode = 'SH409', detail = p_rule;
  end if;
  update policy.rule r
  set valid_at = tstzrange(lower(r.valid_at), p_from)
  where r.rule = p_rule
    and r.valid_at @> p_from;
  insert into policy.rule (rule, version, value, valid_at, author, reason, proposal_id)
  values (p_rule, coalesce(v_last, 0) + 1, p_value, tstzrange(p_from, null), p_author, p_reason, p_proposal_id);
  perform policy.supersede_proposal(p_rule);
  return coalesce(v_last, 0) + 1;
end;
$$;

comment on function policy.change_rule(text, jsonb, text, text, timestamptz, timestamptz, uuid) is
$$Sets a rule from an instant on; the version in force until then ends there. In psql, five arguments are enough.
p_at: later versions that have not begun at p_at are withdrawn (null = none; such a version is an error).
p_proposal_id: the approved proposal that it applies. Result: the new version.
Errors: SH404 unknown rule; SH409 a later version exists, or an admin loosens without approval; SH422 wrong type or bounds.$$;
