create or replace function policy.default_zone()
returns text
language sql stable parallel safe
return policy.text('default_zone', clock.now());

comment on function policy.default_zone() is
$$Time zone (IANA name) of people whose own zone is missing or unknown to the server.
The rule is read at clock.now(), not at a given instant: a changed zone must not shift past local dates.$$;
