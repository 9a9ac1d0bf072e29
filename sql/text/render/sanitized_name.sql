create or replace function text.sanitized_name(p_name text)
returns text
language sql immutable parallel safe
begin atomic
  select n.name
  from (
    select btrim(
      regexp_replace(
        regexp_replace(
          normalize(p_name, nfc),
          '[{}<>\u0001-\u0008\u000e-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]', '', 'g'),
        '[\s\u00a0\u2000-\u200a\u3000]+', ' ', 'g'),
      ' .,;:!?।|*_~"''-–—') as name
  ) n
  where n.name ~ '[A-Za-z\u00c0-\u024f\u0985-\u09b9\u09dc-\u09e1]'
    and n.name !~ '(?i)[0-9০-৯@/\\]|\.(com|net|org|info|bd|xyz|io|me|app|link|site|shop|top)([^a-z]|$)'
    and char_length(n.name) <= 60
    and not text.is_placeholder_name(n.name);
end;

comment on function text.sanitized_name(text) is
$$A name without braces (else it could become a placeholder), invisible and control characters, line breaks, doubled spaces and
punctuation at its ends.
Result: null if it is not a name: blank, without a letter, longer than 60 characters, a phone number, an address, a link, or N/A.$$;
