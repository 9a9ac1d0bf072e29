create or replace function policy.setting_document(p_rule text, p_at timestamptz)
returns jsonb
language sql stable parallel safe
begin atomic
  select jsonb_build_object(
    'rule', k.rule, 'kind', k.kind, 'value_type', k.value_type, 'unit', k.unit, 'minimum', k.minimum, 'maximum', k.maximum,
    'loosens', k.loosens, 'meaning', k.meaning,
    'value', (select s.value from policy.setting_version s where s.rule = k.rule and s.valid_at @> p_at),
    'version', (select s.version from policy.setting_version s where s.rule = k.rule and s.valid_at @> p_at),
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
      where s.rule = k.rule),
    'proposals', coalesce((
      select jsonb_agg(policy.proposal_document(p, p_at) order by p.proposed_at desc, p.proposal_id)
      from policy.proposal p
      where p.subject = k.rule
        and p.state in ('pending', 'declined')), '[]'))
  from policy.setting_definition k
  where k.rule = p_rule;
end;

comment on function policy.setting_document(text, timestamptz) is
$$A rule or cap as admins see it: {rule, kind, value_type, unit, minimum, maximum, loosens, meaning, value, version, versions: [latest first], proposals: [waiting, expired and declined, latest first]}; value and version null = none is in force. Null for an unknown name.$$;
