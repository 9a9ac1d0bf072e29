create or replace function policy.setting_document(p_rule text, p_at timestamptz)
returns jsonb
language sql stable parallel safe
begin atomic
  select jsonb_build_object(
    'rule', d.rule, 'kind', d.kind, 'value_type', d.value_type, 'unit', d.unit, 'minimum', d.minimum, 'maximum', d.maximum,
    'loosens', d.loosens, 'meaning', d.meaning,
    'value', (select s.value from policy.setting_version s where s.rule = d.rule and s.valid_at @> p_at),
    'version', (select s.version from policy.setting_version s where s.rule = d.rule and s.valid_at @> p_at),
    'versions', (
      select jsonb_agg(jsonb_build_object(
        'version', s.version, 'value', s.value, 'valid_from', lower(s.valid_at), 'valid_until', upper(s.valid_at),
        'state', case when isempty(s.valid_at) then 'withdrawn'
                      when s.valid_at @> p_at then 'in_force'
                      when lower(s.valid_at) > p_at then 'scheduled'
                      else 'past' end,
        'author', s.author, 'reason', s.reason, 'approved_by', p.decided_by) order by s.version desc)
      from policy.setting_version s
      left join policy.proposal p on p.proposal_id = s.proposal_id
      where s.rule = d.rule),
    'proposals', coalesce((
      select jsonb_agg(policy.proposal_document(p, p_at) order by p.proposed_at desc, p.proposal_id)
      from policy.proposal p
      where p.subject = d.rule
        and p.state in ('pending', 'declined')), '[]'))
  from policy.setting_definition d
  where d.rule = p_rule;
end;

comment on function policy.setting_document(text, timestamptz) is
$$A rule or cap with its versions and its pending, expired and declined proposals, as JSON; null for an unknown name.
Result: {rule, kind, value_type, unit, minimum, maximum, loosens, meaning, value, version, versions, proposals}.
value and version: null if no version is in force. versions, proposals: latest first.$$;
