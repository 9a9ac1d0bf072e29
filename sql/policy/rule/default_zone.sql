create or replace function policy.default_zone()
returns text
language sql stable parallel safe
return policy.text('default_zone', clock.now());

comment on function policy.default_zone() is
$$Time zone of people whose own is unknown or invalid (IANA name). The one rule read at the present: local days must not move within history.$$;
