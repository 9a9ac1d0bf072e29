create or replace function text.folded_words(p_text text)
returns text[]
language sql immutable parallel safe
begin atomic
  select coalesce(array_agg(m.match[1] order by m.place), '{}')
  from regexp_matches(
    -- U+09F7 is a currency mark that many keyboards type for the danda.
    translate(lower(text.without_placeholders(p_text) collate "C"), E'\u09f7\u200c\u200d', ' '),
    E'[\u0980-\u09ff]+|[a-z]+|\x1f', 'g') with ordinality as m (match, place);
end;

comment on function text.folded_words(text) is
$$The words of a text, Bengali and Latin, in the form in which word lists are compared: in NFC, lower case, without joiners and digits. U+001F stands where a placeholder stands, so that a phrase never matches across one.
Words are runs of letters: \y would see word boundaries inside Bengali words (বাল in বাল্ব).$$;
