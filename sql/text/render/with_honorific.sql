create or replace function text.with_honorific(p_name text, p_honorific text)
returns text
language sql immutable parallel safe
-- Some people type the honorific into their name; it is not repeated.
return replace(p_name || p_honorific, p_honorific || p_honorific, p_honorific);

comment on function text.with_honorific(text, text) is
$$A name followed by an honorific, once: রহিম ভাই. p_honorific begins with its space, or is empty. Result: null without a name.$$;
