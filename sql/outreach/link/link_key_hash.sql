create or replace function outreach.link_key_hash(p_link_key text)
returns bytea
language sql immutable parallel safe
return sha256(convert_to(p_link_key, 'UTF8'));

comment on function outreach.link_key_hash(text) is
$$What is stored of a link key: its sha256. The key is random, so a plain hash is enough.$$;
