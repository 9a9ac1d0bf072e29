create or replace function edge.etag(p_document jsonb)
returns text
language sql stable parallel safe
return '"' || left(encode(sha256(convert_to(p_document::text, 'UTF8')), 'hex'), 32) || '"';

comment on function edge.etag(jsonb) is
$$The ETag of a document as HTTP answers it: the hash of the very bytes that go out.$$;
