-- The earliest line of an address counts; a suppression that is there stays.
update account.contact o
set suppressed_at = t.suppressed_at,
    suppressed_reason = t.reason
from (
  select distinct on (c.channel = 'email', lower(c.address))
    c.channel,
    c.address,
    coalesce(case when c.suppressed_at <= clock.now() then c.suppressed_at end, clock.now()) as suppressed_at,
    coalesce(c.reason, 'refused') as reason
  from checked c
  where c.faults = ''
    and not c.already
  order by c.channel = 'email', lower(c.address), c.line) t
where o.channel = any (case t.channel when 'email' then '{email}'::text[] else '{sms,whatsapp}' end)
  and lower(o.address) = lower(t.address)
  and o.suppressed_at is null;
