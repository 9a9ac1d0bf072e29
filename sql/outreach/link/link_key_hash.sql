create or replace function outreach.link_key_hash(p_token text)
returns bytea
language sql immutable parallel safe
return sha256(convert_to(p_token, 'UTF8'));

comment on function outreach.link_key_hash(text) is
$$What is stored of a link token. A plain hash is enough: the token is random, so there is nothing to guess.$$;
