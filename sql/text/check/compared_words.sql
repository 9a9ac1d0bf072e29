create or replace function text.compared_words(p_text text)
returns text[]
language sql immutable parallel safe
begin atomic
  select coalesce(array_agg(m.match[1] order by m.place), '{}')
  from regexp_matches(
    -- U+09F7 is a currency mark that many keyboards type for the danda.
    translate(lower(text.bare_text(p_text) collate "C"), E'\u09f7\u200c\u200d', ' '),
    E'[\u0980-\u09ff]+|[a-z]+|\x1f', 'g') with ordinality as m (match, place);
end;

comment on function text.compared_words(text) is
$$The words of a text in the form in which word lists are compared: like text.tokens, but folded (NFC, joiners and digits gone, lower case), with Latin words too, and with U+001F where a token stands, so that no phrase runs across one.$$;
