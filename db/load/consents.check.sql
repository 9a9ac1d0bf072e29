-- A consent has no external id: person, channel, purpose and the instant of the grant identify it.
select
  r.line,
  t.*,
  p.user_id,
  a.user_id is not null as already,
  -- No opt-out is lost: a withdrawal counts whatever the rest of its row is like (see consents.store.sql).
  p.user_id is not null
    and (pg_temp.cell(r.withdrawn_at) is not null or pg_temp.cell(r.withdrawn_source) is not null
      or pg_temp.cell(r.withdrawn_actor) is not null) as is_withdrawal,
  -- A withdrawal without a readable instant of the past is one of now.
  coalesce(case when t.withdrawn_at <= clock.now() then t.withdrawn_at end, clock.now()) as ends_at,
  -- A date without a time may be any time of that day.
  coalesce(length(pg_temp.cell(r.withdrawn_at)) <= 10, false) as is_day,
  concat_ws(E'\n',
    case when t.id is null then 'user_id|is missing'
         when p.user_id is null and l.id is not null then 'user_id|its person was rejected'
         when p.user_id is null then 'user_id|no such person' end,
    case when t.channel in ('email', 'sms', 'whatsapp', 'push', 'in_app') then null
         else 'channel|is not one of email, sms, whatsapp, push, in_app' end,
    case when t.purpose in ('outreach', 'coaching', 'voice') then null
         else 'purpose|is not one of outreach, coaching, voice' end,
    case when t.granted_at is not null then case when t.granted_at > n.now then 'granted_at|is in the future' end
         when pg_temp.cell(r.granted_at) is null then 'granted_at|is missing'
         else 'granted_at|' || pg_temp.instant_fault(r.granted_at) end,
    case when row_number() over (partition by t.id, t.channel, t.purpose, t.granted_at order by r.line) > 1
         then 'granted_at|appears on an earlier line' end,
    case when t.withdrawn_at is not null
         then case when t.withdrawn_at <= t.granted_at then 'withdrawn_at|is not after granted_at'
                   when t.withdrawn_at > n.now then 'withdrawn_at|is in the future' end
         when pg_temp.cell(r.withdrawn_at) is null
         then case when coalesce(pg_temp.cell(r.withdrawn_source), pg_temp.cell(r.withdrawn_actor)) is not null
                   then 'withdrawn_at|is missing although the row names a withdrawal' end
         else 'withdrawn_at|' || pg_temp.instant_fault(r.withdrawn_at) end,
    case when t.source is null then 'source|is missing: where the consent was given' end,
    case when t.wording_version is null then 'wording_version|is missing: which text was agreed to' end
  ) as faults,
  '' as losses
from raw r
cross join (select clock.now() + interval '5 minutes' as now) n
cross join lateral (
  select
    pg_temp.cell(r.user_id) as id,
    lower(pg_temp.cell(r.channel)) as channel,
    lower(pg_temp.cell(r.purpose)) as purpose,
    pg_temp.instant(r.granted_at) as granted_at,
    pg_temp.instant(r.withdrawn_at) as withdrawn_at,
    pg_temp.cell(r.source) as source,
    pg_temp.cell(r.wording_version) as wording_version,
    coalesce(pg_temp.cell(r.actor), pg_temp.cell(r.user_id)) as actor,
    coalesce(pg_temp.cell(r.withdrawn_source), 'import') as withdrawn_source,
    coalesce(pg_temp.cell(r.withdrawn_actor), pg_temp.cell(r.user_id)) as withdrawn_actor
  offset 0) t
left join account.person p on p.external_id = t.id
left join (select distinct id from load_lost where kind in ('customer', 'worker')) l on l.id = t.id
left join account.consent a
  on a.user_id = p.user_id
  and a.channel = t.channel
  and a.purpose = t.purpose
  and lower(a.valid_at) = t.granted_at
