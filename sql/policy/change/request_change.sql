create or replace function policy.request_change(
  p_rule text, p_value jsonb, p_author text, p_reason text, p_from timestamptz, p_at timestamptz)
returns uuid
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_value jsonb := p_value;
begin
  perform policy.lock_changes();
  -- Purpose and channel default to those of the existing cap; a new cap without a channel covers all channels.
  if jsonb_typeof(p_value) = 'object' and not exists (select from policy.rule_definition d where d.rule = p_rule) then
    select jsonb_build_object('channel', null)
      || case when c.purpose is null then '{}' else jsonb_build_object('purpose', c.purpose, 'channel', c.channel) end
      || p_value
    into v_value
    from (select) one
    left join lateral (
      select c.purpose, c.channel from policy.cap c where c.cap = p_rule order by c.version desc limit 1
    ) c on true;
  end if;
  perform policy.check_change(p_rule, v_value, p_from, p_reason, p_at);
  if policy.change_loosens(p_rule, v_value, coalesce(p_from, p_at)) then
    return policy.propose_change(
      (select d.kind from policy.setting_definition d where d.rule = p_rule), p_rule, v_value, p_author, p_reason, p_from, p_at);
  end if;
  perform policy.apply_change(p_rule, v_value, p_author, p_reason, coalesce(p_from, p_at), p_at);
  return null;
end;
$$;

comment on function policy.request_change(text, jsonb, text, text, timestamptz, timestamptz) is
$$Changes a rule or cap on behalf of an admin: a change that loosens becomes a proposal, any other is applied.
p_author: the admin's id. p_from: when it takes effect, not before p_at; null = at p_at.
Result: the id of the proposal; null if the change was applied.
Errors: SH409 another proposal is pending; SH422, column = the invalid field.$$;
