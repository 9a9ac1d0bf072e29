-- Customers and workers: the same columns, and for workers zone, categories and start.
select
  r.line,
  t.*,
  uuidv7() as user_id,
  p.user_id is not null as already,
  concat_ws(E'\n',
    case when t.id is null then 'external_id|is missing' end,
    case when length(t.id) > 200 then 'external_id|is longer than 200 characters' end,
    case when d.line < r.line then 'external_id|appears on an earlier line' end,
    case when p.role <> t.role then 'external_id|belongs to a person of another role' end,
    case when pg_temp.cell(r.created_at) is null then 'created_at|is missing'
         when t.created_at is null then 'created_at|' || pg_temp.instant_fault(r.created_at)
         when t.created_at > n.now then 'created_at|is in the future' end,
    case when t.role = 'worker' and t.zone is null then 'zone|is missing' end
  ) as faults,
  concat_ws(E'\n',
    case when length(t.full_name) > 200 then 'full_name|is longer than 200 characters' end,
    case when pg_temp.has_control(t.full_name) then 'full_name|holds control characters' end,
    case when t.language not in ('bn', 'en') then 'language|is neither bn nor en' end,
    case when t.address_form not in ('none', 'bhai', 'apa', 'dada', 'didi')
         then 'address_form|is not one of none, bhai, apa, dada, didi' end,
    case when t.greeting not in ('shubheccha', 'assalamu_alaikum', 'nomoskar')
         then 'greeting|is not one of shubheccha, assalamu_alaikum, nomoskar' end,
    case when t.preferred_channel not in ('email', 'sms', 'whatsapp', 'push', 'in_app')
         then 'preferred_channel|is not one of email, sms, whatsapp, push, in_app' end,
    case when pg_temp.cell(r.quiet_from) is not null and t.quiet_from is null then 'quiet_from|is not a time of day such as 22:30' end,
    case when pg_temp.cell(r.quiet_until) is not null and t.quiet_until is null then 'quiet_until|is not a time of day such as 07:00' end,
    case when (pg_temp.cell(r.quiet_from) is null) <> (pg_temp.cell(r.quiet_until) is null)
         then 'quiet_until|quiet hours need both quiet_from and quiet_until' end,
    case when t.quiet_from = t.quiet_until then 'quiet_until|is the same as quiet_from' end,
    case when pg_temp.cell(r.email) is not null and t.email is null then 'email|is not an e-mail address' end,
    case when pg_temp.cell(r.phone) is not null and t.phone is null then 'phone|is not a Bangladeshi mobile number' end,
    case when pg_temp.cell(r.whatsapp) is not null and t.whatsapp is null then 'whatsapp|is not a Bangladeshi mobile number' end,
    case when pg_temp.cell(r.started_at) is not null and t.started_at is null
         then 'started_at|' || pg_temp.instant_fault(r.started_at) end
  ) as losses
from raw r
cross join (select clock.now() + interval '5 minutes' as now) n
cross join lateral (
  select
    pg_temp.cell(r.external_id) as id,
    case current_setting('load.file') when 'workers' then 'worker' else 'customer' end as role,
    pg_temp.words(r.full_name) as full_name,
    lower(pg_temp.cell(r.language)) as language,
    lower(pg_temp.cell(r.address_form)) as address_form,
    lower(pg_temp.cell(r.greeting)) as greeting,
    pg_temp.cell(r.time_zone) as time_zone,
    pg_temp.clock_time(pg_temp.cell(r.quiet_from)) as quiet_from,
    pg_temp.clock_time(pg_temp.cell(r.quiet_until)) as quiet_until,
    lower(pg_temp.cell(r.preferred_channel)) as preferred_channel,
    pg_temp.email(pg_temp.cell(r.email)) as email,
    pg_temp.phone(pg_temp.cell(r.phone)) as phone,
    pg_temp.phone(pg_temp.cell(r.whatsapp)) as whatsapp,
    pg_temp.instant(r.created_at) as created_at,
    array_remove(regexp_split_to_array(lower(pg_temp.cell(r.categories)), '\s*;\s*'), '') as categories,
    pg_temp.cell(r.zone) as zone,
    pg_temp.instant(r.started_at) as started_at
  offset 0) t
left join (
  select pg_temp.cell(external_id) as id, min(line) as line
  from raw
  group by 1
  having count(*) > 1) d on d.id = t.id
left join account.person p on p.external_id = t.id
