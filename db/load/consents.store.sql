create temp table load_withdrawal (
  line bigint not null,
  is_late boolean not null,
  is_done boolean not null
) on commit drop;

-- Ends what a withdrawal of the file finds open, and notes it. A consent that was granted after the withdrawal stays in force,
-- unless it is the consent of the same row. After a message that was sent since, the withdrawal takes effect now.
-- The function withdraws person by person: it locks each against the planner and the claim.
create function pg_temp.withdraw_listed_consents()
returns void
language sql volatile
begin atomic
  insert into load_withdrawal (line, is_late, is_done)
  select
    w.line,
    w.late_message_id is not null,
    account.withdraw_consent(
      w.user_id, w.channel, w.purpose,
      case when w.late_message_id is null then w.ends_at else clock.now() end,
      w.withdrawn_source, w.withdrawn_actor)
  from (
    select distinct on (c.user_id, c.channel, c.purpose)
      c.line, c.user_id, c.channel, c.purpose, c.ends_at, c.withdrawn_source, c.withdrawn_actor,
      (
        select m.message_id
        from outreach.delivery m
        where m.user_id = c.user_id
          and m.channel = c.channel
          and m.purpose = c.purpose
          and m.sent_at >= c.ends_at
        limit 1) as late_message_id
    from checked c
    join account.consent a
      on a.user_id = c.user_id
      and a.channel = c.channel
      and a.purpose = c.purpose
      and upper_inf(a.valid_at)
    where c.is_withdrawal
      and (lower(a.valid_at) < c.ends_at
        or lower(a.valid_at) = c.granted_at
        or (c.is_day and lower(a.valid_at) > c.ends_at and lower(a.valid_at) < c.ends_at + interval '1 day'))
    order by c.user_id, c.channel, c.purpose, c.ends_at, c.line) w;
end;

-- First those of before, so that the file's next grant finds its place.
select pg_temp.withdraw_listed_consents();

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

-- Then those of this file, which a row of another shape may withdraw.
select pg_temp.withdraw_listed_consents();

insert into load_remark (remark)
select count(*) || ' consents in force here are withdrawn in consents.csv: withdrawn here too'
from load_withdrawal w
where w.is_done
having count(*) > 0;

insert into load_reject (file, line, field, reason, outcome)
select
  'consents', w.line, 'withdrawn_at',
  case when w.is_late then 'is before a message that was sent under this consent: withdrawn from now on'
       else 'counts although the row is rejected: withdrawn' end,
  'withdrawal'
from load_withdrawal w
join checked c on c.line = w.line
where w.is_done
  and (w.is_late or c.faults <> '');

drop function pg_temp.withdraw_listed_consents();
drop table load_withdrawal;
analyze account.consent;
