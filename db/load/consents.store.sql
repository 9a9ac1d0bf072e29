insert into load_remark (remark)
select count(*) || ' consents in force here are withdrawn in consents.csv: withdrawn here too'
from checked c
where c.faults = ''
  and c.is_withdrawal
having count(*) > 0;

update account.consent a
set valid_at = tstzrange(c.granted_at, c.withdrawn_at),
    withdrawn_source = c.withdrawn_source,
    withdrawn_actor = c.withdrawn_actor
from checked c
where c.faults = ''
  and c.is_withdrawal
  and a.user_id = c.user_id
  and a.channel = c.channel
  and a.purpose = c.purpose
  and upper_inf(a.valid_at);

-- Consents of one person, channel and purpose never overlap: the earlier grant is stored, the other is rejected.
insert into account.consent (
  user_id, channel, purpose, valid_at, source, wording_version, actor, withdrawn_source, withdrawn_actor)
select
  c.user_id, c.channel, c.purpose, tstzrange(c.granted_at, c.withdrawn_at), c.source, c.wording_version, c.actor,
  case when c.withdrawn_at is not null then c.withdrawn_source end,
  case when c.withdrawn_at is not null then c.withdrawn_actor end
from checked c
where c.faults = ''
  and not c.already
order by c.user_id, c.channel, c.purpose, c.granted_at, c.line
on conflict do nothing;

update checked c
set faults = 'granted_at|overlaps another consent of the same person, channel and purpose'
where c.faults = ''
  and not c.already
  and not exists (
    select
    from account.consent a
    where a.user_id = c.user_id
      and a.channel = c.channel
      and a.purpose = c.purpose
      and a.valid_at = tstzrange(c.granted_at, c.withdrawn_at));

analyze account.consent;
