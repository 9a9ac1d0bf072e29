create or replace function text.with_honorific(p_name text, p_kin text)
returns text
language sql immutable parallel safe
-- Some people have typed the kin word into their name; it is not said twice.
return replace(p_name || p_kin, p_kin || p_kin, p_kin);

comment on function text.with_honorific(text, text) is
$$A name with the kin word after it, once: রহিম ভাই. p_kin begins with its space, or is empty. Null without a name.$$;
