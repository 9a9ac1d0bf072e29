create or replace function text.faults_by_field(p_faults text[], p_kind text, p_subject text, p_body text, p_add_on_line text)
returns jsonb
language sql stable parallel safe
begin atomic
  with part as materialized (
    select p.part, p.content from text.template_fields(p_subject, p_body, p_add_on_line) p
  ),
  part_fault as materialized (
    select p.part, f.fault
    from part p
    cross join lateral unnest(
      text.word_faults(p.content) || text.figure_faults(p.content) || text.character_faults(p.content)) as f (fault)
    union all
    select u.part, k.kind || ':' || u.token
    from (
      select p.part, m.match[1] as token, count(*) as times
      from part p
      cross join regexp_matches(p.content, '\{([^{}]*)\}', 'g') as m (match)
      group by p.part, m.match[1]
    ) u
    cross join lateral (
      select 'token_repeated' where u.times > 1
      union all
      select v.kind
      from (values ('token_unknown'), ('token_misplaced')) as v (kind)
      where not exists (select from text.allowed_placeholders(p_kind) t where t.part = u.part and t.token = u.token)
    ) as k (kind)
  )
  select coalesce(jsonb_agg(jsonb_build_object(
    'field', coalesce(
      (select min(p.part) from part_fault p where p.fault = u.fault),
      case when u.fault like 'subject%' then 'subject' when u.fault like 'kind%' then 'kind' else 'body' end),
    'value', u.fault) order by u.place), '[]')
  from unnest(p_faults) with ordinality as u (fault, place);
end;

comment on function text.faults_by_field(text[], text, text, text, text) is
$$The faults of a text with the field each was found in: [{field: subject | body | add_on_line | kind, value: token_unknown:name}]. What concerns the whole stands under body.$$;
