select
  r.line,
  t.*,
  s.service_id is not null as already,
  concat_ws(E'\n',
    case when t.id is null then 'code|is missing' end,
    case when t.id !~ '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$' then 'code|holds more than letters, digits and _ . : -' end,
    case when d.line < r.line then 'code|appears on an earlier line' end,
    case when t.category is null then 'category|is missing' end,
    case when t.category !~ '^[a-z][a-z0-9_]{0,49}$' then 'category|is not a word such as pest_control' end,
    case when t.name_bn is null then 'name_bn|is missing' end,
    case when length(t.name_bn) > 200 then 'name_bn|is longer than 200 characters' end,
    case when pg_temp.has_control(t.name_bn) then 'name_bn|holds control characters' end,
    case when t.name_en is null then 'name_en|is missing' end,
    case when length(t.name_en) > 200 then 'name_en|is longer than 200 characters' end,
    case when pg_temp.has_control(t.name_en) then 'name_en|holds control characters' end,
    case when t.price_poisha is null then 'price_poisha|is not a whole number of poisha' end,
    case when t.duration_minutes between 5 and 1440 then null
         else 'duration_minutes|is not a whole number of minutes from 5 to 1440' end
  ) as faults,
  case when pg_temp.cell(r.active) is not null and t.active is null then 'active|is neither true nor false' else '' end as losses
from raw r
cross join lateral (
  select
    pg_temp.cell(r.code) as id,
    lower(pg_temp.cell(r.category)) as category,
    pg_temp.words(r.name_bn) as name_bn,
    pg_temp.words(r.name_en) as name_en,
    pg_temp.whole(pg_temp.cell(r.price_poisha)) as price_poisha,
    pg_temp.whole(pg_temp.cell(r.duration_minutes)) as duration_minutes,
    pg_temp.truth(pg_temp.cell(r.active)) as active
  offset 0) t
left join (
  select pg_temp.cell(code) as id, min(line) as line
  from raw
  group by 1
  having count(*) > 1) d on d.id = t.id
left join market.service s on s.code = t.id
