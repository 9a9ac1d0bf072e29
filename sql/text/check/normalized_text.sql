create or replace function text.normalized_text(p_text text)
returns text
language sql immutable parallel safe
return btrim(
  regexp_replace(
    regexp_replace(
      regexp_replace(
        translate(normalize(p_text, nfc), E'\u09f7\u00a0\u202f\ufeff\u200b\u00ad\r', '।  '),
        '[ \t]+', ' ', 'g'),
      ' *\n *', E'\n', 'g'),
    '(\n{2})\n+| +(?=[।,?!])', '\1', 'g'),
  E' \n');

comment on function text.normalized_text(text) is
$$A text as we store it: NFC, one kind of space and line break, no blanks at ends of lines or before a danda or comma, the danda as U+0964 even where a keyboard typed the currency mark U+09F7, no soft hyphens or zero-width spaces.
Only the form changes, never a word. Null for null.$$;
