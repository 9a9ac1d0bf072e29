create or replace function market.services()
returns jsonb
language sql stable parallel safe
begin atomic
  select coalesce(jsonb_agg(jsonb_build_object(
    'service_id', s.service_id, 'code', s.code, 'category', s.category, 'name_bn', s.name_bn, 'name_en', s.name_en,
    'price_poisha', s.price_poisha, 'duration_minutes', s.duration_minutes,
    'add_ons', market.add_ons(s.service_id)) order by s.category, s.code), '[]')
  from market.service s
  where s.active;
end;

comment on function market.services() is
$$The catalogue: active services with their active add-ons, by category and code.
Result: [{service_id, code, category, name_bn, name_en, price_poisha, duration_minutes, add_ons}].$$;
