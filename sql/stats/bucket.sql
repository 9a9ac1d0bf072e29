create or replace function stats.bucket(p_user_id uuid, p_salt text)
returns double precision
language sql immutable parallel safe
return ('x' || substr(md5(p_user_id::text || '/' || p_salt), 1, 13))::bit(52)::bigint / 4503599627370496.0::double precision;

comment on function stats.bucket(uuid, text) is
$$The stable share of a person for a salt: 0 ≤ x < 1, never changes, independent between salts.
Groups are drawn by x < share, so they do not move, and groups of two salts do not overlap systematically.
The first 52 bits of md5 over 2^52, the same on every server and version.$$;
