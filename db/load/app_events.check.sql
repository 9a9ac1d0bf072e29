select
  r.line,
  t.*,
  p.user_id,
  e.event_id is not null as already,
  concat_ws(E'\n',
    case when t.id is null then 'external_id|is missing' end,
    case when length(t.id) > 200 then 'external_id|is longer than 200 characters' end,
    case when d.line < r.line then 'external_id|appears on an earlier line' end,
    case when pg_temp.cell(r.user_id) is null then 'user_id|is missing'
         when p.user_id is null and l.id is not null then 'user_id|its person was rejected'
         when p.user_id is null then 'user_id|no such person' end,
    case when t.kind is null then 'kind|is missing' end,
    case when t.kind !~ '^[a-z][a-z0-9_]{0,49}$' then 'kind|is not a word such as app_open' end,
    case when t.happened_at is not null then case when t.happened_at > n.now then 'happened_at|is in the future' end
         when pg_temp.cell(r.happened_at) is null then 'happened_at|is missing'
         else 'happened_at|' || pg_temp.instant_fault(r.happened_at) end
  ) as faults,
  case when jsonb_typeof(t.properties) is distinct from 'object' then 'properties|is not a JSON object' else '' end as losses
from raw r
cross join (select clock.now() + interval '5 minutes' as now) n
cross join lateral (
  select
    pg_temp.cell(r.external_id) as id,
    lower(pg_temp.cell(r.kind)) as kind,
    pg_temp.instant(r.happened_at) as happened_at,
    case when pg_temp.cell(r.properties) is null then '{}'::jsonb
         when pg_input_is_valid(r.properties, 'jsonb') then r.properties::jsonb end as properties
  offset 0) t
left join (
  select pg_temp.cell(external_id) as id, min(line) as line
  from raw
  group by 1
  having count(*) > 1) d on d.id = t.id
left join account.person p on p.external_id = pg_temp.cell(r.user_id)
left join (select distinct id from load_lost where kind in ('customer', 'worker')) l on l.id = pg_temp.cell(r.user_id)
left join market.app_event e on e.external_id = t.id
