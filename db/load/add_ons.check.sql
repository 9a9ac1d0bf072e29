select
  r.line,
  t.*,
  s.service_id,
  a.add_on_id is not null as already,
  concat_ws(E'\n',
    case when t.id is null then 'code|is missing' end,
    case when t.id !~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$' then 'code|holds more than letters, digits and _ . : -' end,
    case when d.line < r.line then 'code|appears on an earlier line' end,
    case when a.service_id <> s.service_id then 'code|belongs to another service' end,
    case when t.service_code is null then 'service_code|is missing'
         when s.service_id is null and l.id is not null then 'service_code|its service was rejected'
         when s.service_id is null then 'service_code|no such service' end,
    case when t.name_bn is null then 'name_bn|is missing' end,
    case when length(t.name_bn) > 200 then 'name_bn|is longer than 200 characters' end,
    case when pg_temp.has_control(t.name_bn) then 'name_bn|holds control characters' end,
    case when t.name_en is null then 'name_en|is missing' end,
    case when length(t.name_en) > 200 then 'name_en|is longer than 200 characters' end,
    case when pg_temp.has_control(t.name_en) then 'name_en|holds control characters' end,
    case when t.price_poisha is null then 'price_poisha|is not a whole number of poisha' end
  ) as faults,
  case when pg_temp.cell(r.active) is not null and t.active is null then 'active|is neither true nor false' else '' end as losses
from raw r
cross join lateral (
  select
    pg_temp.cell(r.code) as id,
    pg_temp.cell(r.service_code) as service_code,
    pg_temp.words(r.name_bn) as name_bn,
    pg_temp.words(r.name_en) as name_en,
    pg_temp.whole(pg_temp.cell(r.price_poisha)) as price_poisha,
    pg_temp.truth(pg_temp.cell(r.active)) as active
  offset 0) t
left join (
  select pg_temp.cell(code) as id, min(line) as line
  from raw
  group by 1
  having count(*) > 1) d on d.id = t.id
left join market.service s on s.code = t.service_code
left join (select distinct id from load_lost where kind = 'service') l on l.id = t.service_code
left join market.add_on a on a.code = t.id
