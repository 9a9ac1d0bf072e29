create or replace function text.folded_words(p_text text)
returns text[]
language sql immutable parallel safe
begin atomic
  select coalesce(array_agg(m.match[1] order by m.position), '{}')
  from regexp_matches(
    -- U+09F7 is a currency mark that many keyboards type for the danda.
    translate(lower(text.without_placeholders(p_text) collate "C"), E'\u09f7\u200c\u200d', ' '),
    E'[\u0980-\u09ff]+|[a-z]+|\x1f', 'g') with ordinality as m (match, position);
end;

comment on function text.folded_words(text) is
$$The Bengali and Latin words of a text in the form in which word lists are compared: NFC, lower case, without joiners and digits.
A placeholder becomes the word U+001F, so that a phrase never matches across a placeholder.
A word is a run of letters. Regular expression \y does not work: it sees boundaries inside Bengali words (বাল in বাল্ব).$$;
