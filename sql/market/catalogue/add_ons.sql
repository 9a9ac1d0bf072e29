create or replace function market.add_ons(p_service_id uuid)
returns jsonb
language sql stable parallel safe
begin atomic
  select coalesce(jsonb_agg(jsonb_build_object(
    'add_on_id', a.add_on_id, 'code', a.code, 'name_bn', a.name_bn, 'name_en', a.name_en,
    'price_poisha', a.price_poisha) order by a.code), '[]')
  from market.add_on a
  where a.service_id = p_service_id
    and a.active;
end;

comment on function market.add_ons(uuid) is
$$The active add-ons of a service, by code.
Result: [{add_on_id, code, name_bn, name_en, price_poisha}].$$;
