create or replace function edge.match(p_if_match text, p_current jsonb)
returns void
language plpgsql immutable parallel safe
set search_path = ''
as $$
begin
  if p_if_match is null then
    raise exception 'Say which version is to be changed' using errcode = 'SH428', column = 'if-match', hint = 'Send If-Match with the ETag of the GET.';
  end if;
  if btrim(p_if_match) = '*' then
    return;
  end if;
  -- The edge's ETag is made of the answer's text. A weak tag never matches (RFC 9110).
  if not ('"' || left(encode(sha256(convert_to(p_current::text, 'UTF8')), 'hex'), 32) || '"'
          = any(regexp_split_to_array(btrim(p_if_match), '\s*,\s*'))) then
    raise exception 'It was changed meanwhile' using errcode = 'SH412', column = 'if-match', hint = 'Read it again and repeat the change.';
  end if;
end;
$$;

comment on function edge.match(text, jsonb) is
$$Holds the If-Match of a change against what a GET would answer now; both under the lock of the row that is about to change.
Errors: SH412 changed meanwhile; SH428 no If-Match.$$;
