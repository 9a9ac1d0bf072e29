create or replace function account.person_lock_key(p_user_id uuid)
returns bigint
language sql immutable parallel safe
return hashtextextended(p_user_id::text, 7);

comment on function account.person_lock_key(uuid) is
$$Key of the advisory lock of a person. Two people with the same key only wait for each other.$$;
