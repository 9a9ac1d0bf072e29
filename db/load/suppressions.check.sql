-- A suppression is of an address, so it reaches everybody here who has it.
select
  r.line,
  t.*,
  h.contacts is not null and h.contacts = h.suppressed as already,
  concat_ws(E'\n',
    case when t.channel is null then 'channel|is missing'
         when t.channel not in ('email', 'sms', 'whatsapp') then 'channel|is not one of email, sms, whatsapp' end,
    case when pg_temp.cell(r.address) is null then 'address|is missing'
         when t.address is null and t.channel = 'email' then 'address|is not an e-mail address'
         when t.address is null then 'address|is not a Bangladeshi mobile number'
         when h.contacts is null then 'address|is the address of nobody here' end
  ) as faults,
  concat_ws(E'\n',
    case when t.given_reason is not null and t.reason is null
         then 'reason|is not one of complaint, hard_bounce, refused' end,
    case when pg_temp.cell(r.suppressed_at) is not null and t.suppressed_at is null
         then 'suppressed_at|' || pg_temp.instant_fault(r.suppressed_at) end,
    case when t.suppressed_at > n.now then 'suppressed_at|is in the future' end
  ) as losses
from raw r
cross join (select clock.now() + interval '5 minutes' as now) n
cross join lateral (
  select
    lower(pg_temp.cell(r.channel)) as channel,
    case when lower(pg_temp.cell(r.channel)) = 'email' then pg_temp.email(pg_temp.cell(r.address))
         else pg_temp.phone(pg_temp.cell(r.address)) end as address,
    lower(pg_temp.cell(r.reason)) as given_reason,
    case when lower(pg_temp.cell(r.reason)) in ('complaint', 'hard_bounce', 'refused') then lower(pg_temp.cell(r.reason)) end as reason,
    pg_temp.instant(r.suppressed_at) as suppressed_at
  offset 0) t
left join lateral (
  select nullif(count(*), 0) as contacts, count(*) filter (where o.suppressed_at is not null) as suppressed
  from account.contact o
  where o.channel = any (case t.channel when 'email' then '{email}'::text[] else '{sms,whatsapp}' end)
    and lower(o.address) = lower(t.address)) h on true
