create or replace function text.template_fields(p_subject text, p_body text, p_add_on_line text)
returns table (part text, content text)
language sql immutable parallel safe
begin atomic
  select p.part, p.content
  from (values
    ('subject', coalesce(p_subject, '')),
    ('body', coalesce(p_body, '')),
    ('add_on_line', nullif(btrim(p_add_on_line), ''))
  ) as p (part, content)
  where p.content is not null;
end;

comment on function text.template_fields(text, text, text) is
$$The parts of a text as rows; subject and body always, the add-on line only where there is one.$$;
