create or replace function text.template_fields(p_subject text, p_body text, p_add_on_line text)
returns table (field text, content text)
language sql immutable parallel safe
begin atomic
  select t.field, t.content
  from (values
    ('subject', coalesce(p_subject, '')),
    ('body', coalesce(p_body, '')),
    ('add_on_line', nullif(btrim(p_add_on_line), ''))
  ) as t (field, content)
  where t.content is not null;
end;

comment on function text.template_fields(text, text, text) is
$$The fields of a template as rows: subject and body always, add_on_line if it is not blank.$$;
