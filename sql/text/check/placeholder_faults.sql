create or replace function text.placeholder_faults(p_kind text, p_subject text, p_body text, p_add_on_line text)
returns text[]
language sql immutable parallel safe
begin atomic
  with parts as (
    select p.part, p.content
    from text.template_fields(p_subject, p_body, p_add_on_line) p
  ), used as (
    select p.part, m.match[1] as token, count(*) as times
    from parts p
    cross join lateral regexp_matches(p.content, '\{([^{}]*)\}', 'g') as m (match)
    group by p.part, m.match[1]
  )
  select coalesce(array_agg(distinct f.fault), '{}')
  from (
    select 'kind_unknown:' || coalesce(p_kind, '')
    where not exists (select from text.allowed_placeholders(p_kind))
    union all
    select 'token_missing:' || t.token
    from text.allowed_placeholders(p_kind) t
    join parts p using (part)
    where (t.required or (t.token = 'add_on_line' and exists (select from parts a where a.part = 'add_on_line')))
      and not exists (select from used u where u.part = t.part and u.token = t.token)
    union all
    select case
      when exists (select from text.allowed_placeholders(p_kind) t where t.token = u.token) then 'token_misplaced:'
      else 'token_unknown:'
    end || u.token
    from used u
    where not exists (select from text.allowed_placeholders(p_kind) t where t.part = u.part and t.token = u.token)
    union all
    select 'token_repeated:' || u.token
    from used u
    join text.allowed_placeholders(p_kind) t using (part, token)
    where t.once
      and u.times > 1
    union all
    select 'brace_outside_token'
    from parts p
    where regexp_replace(p.content, '\{[^{}]*\}', '', 'g') ~ '[{}]'
    union all
    -- The greeting opens the message: SQL writes it, and a name in the middle of a sentence would need its case ending.
    select 'token_misplaced:address'
    where p_body ~ '\{address\}'
      and p_body !~ '^\{address\}[,!।]?(\s|$)'
    union all
    select 'token_misplaced:add_on_line'
    where p_body ~ '\{add_on_line\}'
      and p_body !~ '(^|\n)\{add_on_line\}(\n|$)'
  ) as f (fault);
end;

comment on function text.placeholder_faults(text, text, text, text) is
$$What is wrong with the tokens of a text: token_missing, token_unknown (invented, renamed, translated), token_misplaced (known, but not there), token_repeated, each with its token; brace_outside_token; kind_unknown.
Result: empty where nothing is.$$;
