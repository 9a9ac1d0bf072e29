create or replace function policy.setting_documents(p_at timestamptz)
returns jsonb
language sql stable parallel safe
begin atomic
  select jsonb_build_object('items', coalesce(jsonb_agg(jsonb_build_object(
    'rule', k.rule, 'kind', k.kind, 'unit', k.unit, 'loosens', k.loosens, 'meaning', k.meaning,
    'value', s.value, 'version', s.version, 'since', lower(s.valid_at),
    'proposal_id', p.proposal_id) order by k.kind, k.rule), '[]'))
  from policy.setting_definition k
  left join policy.setting_version s on s.rule = k.rule and s.valid_at @> p_at
  left join policy.proposal p on p.subject = k.rule and p.state = 'pending' and p.expires_at > p_at;
end;

comment on function policy.setting_documents(timestamptz) is
$$Every rule and cap with the value in force: {items: [{rule, kind, unit, loosens, meaning, value, version, since, proposal_id}]}; caps first. since null = from the beginning; proposal_id: of the proposal that waits, if one does.$$;
