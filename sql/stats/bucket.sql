create or replace function stats.bucket(p_user_id uuid, p_salt text)
returns double precision
language sql immutable parallel safe
return ('x' || substr(md5(p_user_id::text || '/' || p_salt), 1, 13))::bit(52)::bigint / 4503599627370496.0::double precision;

comment on function stats.bucket(uuid, text) is
$$Where a person falls in 0 ≤ x < 1 for a purpose (salt): stable for ever and independent between salts, so groups drawn with x < share neither move nor overlap systematically.
The first 52 bits of md5 over 2^52: the same on every server and version.$$;
