create or replace function api.services()
returns jsonb
language sql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
begin atomic
  select jsonb_build_object('items', market.services());
end;

comment on function api.services() is
$$The catalogue of services.
Active services with their add-ons, in Bengali and English; prices in poisha (1/100 taka).$$;
