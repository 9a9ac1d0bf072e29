create or replace function text.allowed_placeholders(p_kind text)
returns table (part text, token text, required boolean, once boolean)
language sql immutable parallel safe
begin atomic
  select t.part, t.token, t.required, t.once
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
  ) as t (kind, part, token, required, once)
  where t.kind = p_kind;
end;

comment on function text.allowed_placeholders(text) is
$$The tokens that a text of a kind may hold: one row per part (subject, body, add_on_line) and token; whether it must be there, and whether it may stand only once.
No rows for a kind that has no texts.$$;
