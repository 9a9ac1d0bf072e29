create or replace function text.placeholder_faults(p_kind text, p_subject text, p_body text, p_add_on_line text)
returns text[]
language sql immutable parallel safe
begin atomic
  with fields as (
    select t.field, t.content
    from text.template_fields(p_subject, p_body, p_add_on_line) t
  ),
  used as (
    select f.field, m.match[1] as placeholder, count(*) as times
    from fields f
    cross join lateral regexp_matches(f.content, '\{([^{}]*)\}', 'g') as m (match)
    group by f.field, m.match[1]
  )
  select coalesce(array_agg(distinct x.fault), '{}')
  from (
    select 'kind_unknown:' || coalesce(p_kind, '')
    where not exists (select from text.allowed_placeholders(p_kind))
    union all
    select 'placeholder_missing:' || a.placeholder
    from text.allowed_placeholders(p_kind) a
    join fields f using (field)
    where (a.required or (a.placeholder = 'add_on_line' and exists (select from fields o where o.field = 'add_on_line')))
      and not exists (select from used u where u.field = a.field and u.placeholder = a.placeholder)
    union all
    select case
      when exists (select from text.allowed_placeholders(p_kind) a where a.placeholder = u.placeholder)
        then 'placeholder_misplaced:'
      else 'placeholder_unknown:'
    end || u.placeholder
    from used u
    where not exists (
      select from text.allowed_placeholders(p_kind) a where a.field = u.field and a.placeholder = u.placeholder)
    union all
    select 'placeholder_repeated:' || u.placeholder
    from used u
    join text.allowed_placeholders(p_kind) a using (field, placeholder)
    where a.at_most_once
      and u.times > 1
    union all
    select 'brace_outside_placeholder'
    from fields f
    where regexp_replace(f.content, '\{[^{}]*\}', '', 'g') ~ '[{}]'
    union all
    -- {address} must open the body: inside a sentence a name would need a case ending.
    select 'placeholder_misplaced:address'
    where p_body ~ '\{address\}'
      and p_body !~ '^\{address\}[,!।]?(\s|$)'
    union all
    select 'placeholder_misplaced:add_on_line'
    where p_body ~ '\{add_on_line\}'
      and p_body !~ '(^|\n)\{add_on_line\}(\n|$)'
  ) as x (fault);
end;

comment on function text.placeholder_faults(text, text, text, text) is
$$Placeholders that a template lacks or misuses, by text.allowed_placeholders.
Faults, each with its placeholder: placeholder_missing, placeholder_unknown, placeholder_misplaced (known, but not allowed there),
placeholder_repeated. Also brace_outside_placeholder and kind_unknown. Result: empty if none is found.$$;
