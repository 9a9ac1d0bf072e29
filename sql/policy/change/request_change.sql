create or replace function policy.request_change(
  p_rule text, p_value jsonb, p_author text, p_reason text, p_from timestamptz, p_at timestamptz)
returns uuid
language plpgsql volatile parallel unsafe
set search_path = ''
as $$
declare
  v_value jsonb := p_value;
begin
  perform policy.lock_changes();
  -- Of a cap that is there, purpose and channel need not be said again; of a new one, no channel means all of them.
  if jsonb_typeof(p_value) = 'object' and not exists (select from policy.rule_definition k where k.rule = p_rule) then
    select jsonb_build_object('channel', null) || case when c.purpose is null then '{}' else jsonb_build_object('purpose', c.purpose, 'channel', c.channel) end || p_value
    into v_value
    from (select) one
    left join lateral (
      select c.purpose, c.channel from policy.cap c where c.cap = p_rule order by c.version desc limit 1
    ) c on true;
  end if;
  perform policy.check_change(p_rule, v_value, p_from, p_reason, p_at);
  if policy.change_loosens(p_rule, v_value, coalesce(p_from, p_at)) then
    return policy.propose_change((select k.kind from policy.setting_definition k where k.rule = p_rule), p_rule, v_value, p_author, p_reason, p_from, p_at);
  end if;
  perform policy.apply_change(p_rule, v_value, p_author, p_reason, coalesce(p_from, p_at), p_at);
  return null;
end;
$$;

comment on function policy.request_change(text, jsonb, text, text, timestamptz, timestamptz) is
$$An admin changes a rule or cap: what tightens, or guards neither consent nor caps, is set; what loosens becomes a proposal for another admin.
p_author: the admin's id. p_from: null = at p_at; nothing takes effect before p_at. Result: the proposal's id, or null where it was set.
Errors: SH409 a proposal is waiting already; SH422 with the field that cannot be.$$;
