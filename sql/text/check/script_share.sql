create or replace function text.script_share(p_text text, p_language text)
returns double precision
language sql immutable parallel safe
begin atomic
  select case p_language
    when 'bn' then l.bengali::double precision / nullif(l.bengali + l.latin, 0)
    when 'en' then l.latin::double precision / nullif(l.bengali + l.latin, 0)
  end
  from (
    select
      regexp_count(b.text, '[\u0980-\u09e5\u09f0-\u09ff]') as bengali,
      regexp_count(b.text, '[A-Za-z]') as latin
    from (select text.without_placeholders(p_text) as text) b
  ) l;
end;

comment on function text.script_share(text, text) is
$$Fraction (0 to 1) of the letters of a text that belong to the script of a language, bn or en.
Digits, punctuation, danda, joiners and placeholders are ignored. Result: null without any letter or for another language.$$;
