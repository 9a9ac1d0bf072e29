create or replace function text.without_placeholders(p_text text)
returns text
language sql immutable parallel safe
return translate(regexp_replace(normalize(p_text, nfc), '\{[^{}]*\}', E'\x1f', 'g'), '০১২৩৪৫৬৭৮৯', '0123456789');

comment on function text.without_placeholders(text) is
$$What the writer of a template wrote by themselves: each {token} replaced by the character U+001F, digits folded to ASCII, NFC.$$;
