select
  r.line,
  t.*,
  b.booking_id,
  v.booking_id is not null as already,
  concat_ws(E'\n',
    case when t.id is null then 'booking_id|is missing'
         when b.booking_id is null and l.id is not null then 'booking_id|its booking was rejected'
         when b.booking_id is null then 'booking_id|no such booking'
         when b.status <> 'completed' then 'booking_id|its booking is not completed' end,
    case when d.line < r.line then 'booking_id|appears on an earlier line' end,
    case when t.rating between 1 and 5 then null else 'rating|is not a whole number from 1 to 5' end,
    case when t.created_at is not null then case when t.created_at > n.now then 'created_at|is in the future' end
         when pg_temp.cell(r.created_at) is null then 'created_at|is missing'
         else 'created_at|' || pg_temp.instant_fault(r.created_at) end
  ) as faults,
  case when length(t.body) > 5000 then 'body|is longer than 5000 characters' else '' end as losses
from raw r
cross join (select clock.now() + interval '5 minutes' as now) n
cross join lateral (
  select
    pg_temp.cell(r.booking_id) as id,
    pg_temp.whole(pg_temp.cell(r.rating)) as rating,
    normalize(pg_temp.cell(r.body), NFC) as body,
    pg_temp.instant(r.created_at) as created_at
  offset 0) t
left join (
  select pg_temp.cell(booking_id) as id, min(line) as line
  from raw
  group by 1
  having count(*) > 1) d on d.id = t.id
left join market.booking b on b.external_id = t.id
left join market.review v on v.booking_id = b.booking_id
left join (select distinct id from load_lost where kind = 'booking') l on l.id = t.id
