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
$$A text in the form in which templates are stored: NFC, one kind of space and of line break.
Removes spaces at the ends of lines and before danda or comma, soft hyphens, zero-width spaces and more than one empty line.
Writes the danda as U+0964, also where a keyboard typed the currency mark U+09F7. Never changes a word. Result: null for null.$$;
