create or replace function policy.setting_documents(p_at timestamptz)
returns jsonb
language sql stable parallel safe
begin atomic
  select jsonb_build_object('items', coalesce(jsonb_agg(jsonb_build_object(
    'rule', d.rule, 'kind', d.kind, 'unit', d.unit, 'loosens', d.loosens, 'meaning', d.meaning,
    'value', s.value, 'version', s.version, 'since', lower(s.valid_at),
    'proposal_id', p.proposal_id) order by d.kind, d.rule), '[]'))
  from policy.setting_definition d
  left join policy.setting_version s on s.rule = d.rule and s.valid_at @> p_at
  left join policy.proposal p on p.subject = d.rule and p.state = 'pending' and p.expires_at > p_at;
end;

comment on function policy.setting_documents(timestamptz) is
$$Every rule and cap with the value in force, as JSON; caps first.
Result: {items: [{rule, kind, unit, loosens, meaning, value, version, since, proposal_id}]}.
since: null = from the beginning. proposal_id: the pending proposal; null = none.$$;
