create or replace function text.allowed_placeholders(p_kind text)
returns table (field text, placeholder text, required boolean, at_most_once boolean)
language sql immutable parallel safe
begin atomic
  select t.field, t.placeholder, t.required, t.at_most_once
  from (values
    ('reminder', 'subject', 'service', false, true),
    ('reminder', 'subject', 'date', false, true),
    ('reminder', 'body', 'address', true, true),
    ('reminder', 'body', 'service', true, false),
    ('reminder', 'body', 'date', false, true),
    ('reminder', 'body', 'add_on_line', false, true),
    ('reminder', 'body', 'link', true, true),
    ('reminder', 'body', 'stop_link', true, true),
    ('reminder', 'add_on_line', 'add_on', true, true),
    ('reminder', 'add_on_line', 'service', false, true),
    ('announcement', 'subject', 'service', false, true),
    ('announcement', 'subject', 'date', false, true),
    ('announcement', 'body', 'address', true, true),
    ('announcement', 'body', 'service', false, false),
    ('announcement', 'body', 'date', false, true),
    ('announcement', 'body', 'link', false, true),
    ('announcement', 'body', 'stop_link', true, true)
  ) as t (kind, field, placeholder, required, at_most_once)
  where t.kind = p_kind;
end;

comment on function text.allowed_placeholders(text) is
$$The placeholders that a template of a kind may use, one row per field (subject, body, add_on_line) and placeholder.
required: the field must contain it. at_most_once: the field may contain it only once.
Result: no rows for a kind that has no templates.$$;
