create or replace function edge.etag(p_document jsonb)
returns text
language sql stable parallel safe
return '"' || left(encode(sha256(convert_to(p_document::text, 'UTF8')), 'hex'), 32) || '"';

comment on function edge.etag(jsonb) is
$$The ETag of a document: the first 128 bits of the SHA-256 of the bytes that HTTP sends, as hexadecimal digits in quotes.$$;
