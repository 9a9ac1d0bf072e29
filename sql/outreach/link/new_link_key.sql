create or replace function outreach.new_link_key()
returns text
language sql volatile parallel safe
return translate(
  encode(substr(sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())), 1, 16), 'base64'),
  '+/=', '-_');

comment on function outreach.new_link_key() is
$$A new link key: 128 bits of the server's strong random source, base64url, 22 characters.
Store only its hash (outreach.link_key_hash).$$;
