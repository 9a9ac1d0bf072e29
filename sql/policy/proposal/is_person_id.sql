create or replace function policy.is_person_id(p_author text)
returns boolean
language sql immutable parallel safe
return p_author ~ '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$';

comment on function policy.is_person_id(text) is
$$Whether an author is the id of a person, as api functions write it, and not a name given in psql.$$;
