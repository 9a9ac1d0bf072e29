create or replace function edge.check_if_match(p_if_match text, p_document jsonb)
returns void
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
  if btrim(coalesce(p_if_match, '')) = '' then
    raise exception 'The version to change is missing' using errcode = 'SH428', hint = 'Send its ETag as If-Match.';
  end if;
  -- Strong comparison (RFC 9110): a weak tag matches nothing.
  if btrim(p_if_match) <> '*'
     and not exists (
       select from unnest(string_to_array(p_if_match, ',')) as t (tag) where btrim(t.tag) = edge.etag(p_document)) then
    raise exception 'The document has changed' using errcode = 'SH412', hint = 'Read it again.';
  end if;
end;
$$;

comment on function edge.check_if_match(text, jsonb) is
$$Raises an error unless If-Match contains the ETag of a document; * matches any.
The caller holds the lock under which the document was read. Errors: SH428 no condition was sent; SH412 the ETag differs.$$;
