create or replace function text.faults_by_field(p_faults text[], p_kind text, p_subject text, p_body text, p_add_on_line text)
returns jsonb
language sql stable parallel safe
begin atomic
  with template_field as materialized (
    select f.field, f.content from text.template_fields(p_subject, p_body, p_add_on_line) f
  ),
  field_fault as materialized (
    select t.field, f.fault
    from template_field t
    cross join lateral unnest(
      text.word_faults(t.content) || text.figure_faults(t.content) || text.character_faults(t.content)) as f (fault)
    union all
    select u.field, k.kind || ':' || u.placeholder
    from (
      select t.field, m.match[1] as placeholder, count(*) as times
      from template_field t
      cross join regexp_matches(t.content, '\{([^{}]*)\}', 'g') as m (match)
      group by t.field, m.match[1]
    ) u
    cross join lateral (
      select 'placeholder_repeated' where u.times > 1
      union all
      select v.kind
      from (values ('placeholder_unknown'), ('placeholder_misplaced')) as v (kind)
      where not exists (
        select from text.allowed_placeholders(p_kind) a where a.field = u.field and a.placeholder = u.placeholder)
    ) as k (kind)
  )
  select coalesce(jsonb_agg(jsonb_build_object(
    'field', coalesce(
      (select min(f.field) from field_fault f where f.fault = u.fault),
      case when u.fault like 'subject%' then 'subject' when u.fault like 'kind%' then 'kind' else 'body' end),
    'value', u.fault) order by u.position), '[]')
  from unnest(p_faults) with ordinality as u (fault, position);
end;

comment on function text.faults_by_field(text[], text, text, text, text) is
$$The faults of a template with the field of each: [{field: subject | body | add_on_line | kind, value: placeholder_unknown:name}].
A fault of the template as a whole is listed under body.$$;
