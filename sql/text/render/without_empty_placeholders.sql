create or replace function text.without_empty_placeholders(p_text text)
returns text
language sql immutable parallel safe
begin atomic
  select btrim(regexp_replace(regexp_replace(d.text, ' *\u0001[\u0001 ]*', ' ', 'g'), '\n{3,}', E'\n\n', 'g'), E' \n')
  from (select regexp_replace(p_text, '[(“‘"][ \u0001]*\u0001[ \u0001]*[)”’"]', E'\x01', 'g') as text) a
  -- A line of only gaps and punctuation is removed.
  cross join lateral (
    select regexp_replace(a.text, '(^|\n)[ ,;:।!?.–—-]*\u0001[\u0001 ,;:।!?.–—-]*(?=\n|$)', '', 'g') as text) b
  -- At the end of a clause the comma before a gap is removed with it; elsewhere the comma after it.
  cross join lateral (
    select regexp_replace(b.text, ' *[,;:–—-]?[ \u0001]*\u0001[ \u0001]*(?=[।.!?\n]|$)', '', 'g') as text) c
  cross join lateral (
    select regexp_replace(
      regexp_replace(c.text, '(^|\n)[\u0001 ]*\u0001[\u0001 ]*[,;:–—-]? *', '\1', 'g'),
      ' *\u0001[\u0001 ]*[,;:]', '', 'g') as text) d;
end;

comment on function text.without_empty_placeholders(text) is
$$The text without its gaps, which text.fill_placeholders marks by the character U+0001.
A missing value leaves no empty line, bare comma or doubled space.$$;
