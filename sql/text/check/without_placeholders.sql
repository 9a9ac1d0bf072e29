create or replace function text.without_placeholders(p_text text)
returns text
language sql immutable parallel safe
return translate(regexp_replace(normalize(p_text, nfc), '\{[^{}]*\}', E'\x1f', 'g'), '০১২৩৪৫৬৭৮৯', '0123456789');

comment on function text.without_placeholders(text) is
$$The text in NFC with each {placeholder} replaced by the character U+001F and Bengali digits by ASCII digits.$$;
