create or replace function account.person_zone(p_time_zone text)
returns text
language sql stable parallel safe
return coalesce((select z.name from policy.time_zone z where z.name = p_time_zone), policy.default_zone());

comment on function account.person_zone(text) is
$$The zone to use for a person: their own where this server knows it, else the default zone. One invalid zone never stops anybody else.$$;
