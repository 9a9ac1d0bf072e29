create or replace function edge.check_if_match(p_if_match text, p_document jsonb)
returns void
language plpgsql stable parallel safe
set search_path = ''
as $$
begin
  if btrim(coalesce(p_if_match, '')) = '' then
    raise exception 'Say which version this changes' using errcode = 'SH428', hint = 'Send its ETag as If-Match.';
  end if;
  -- Compared strongly, as RFC 9110 says: a weak tag matches nothing.
  if btrim(p_if_match) <> '*'
     and not exists (
       select from unnest(string_to_array(p_if_match, ',')) as t (tag) where btrim(t.tag) = edge.etag(p_document)) then
    raise exception 'It was changed meanwhile' using errcode = 'SH412', hint = 'Read it again.';
  end if;
end;
$$;

comment on function edge.check_if_match(text, jsonb) is
$$Refuses a change of a document that is no longer as the caller knew it; the caller holds the lock under which it was read.
Errors: SH428 no condition was sent; SH412 it differs.$$;
