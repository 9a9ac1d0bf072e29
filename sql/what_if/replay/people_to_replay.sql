-- The screen before the pass. Until the first decision that differs, history is as recorded; so whether there is one can be seen
-- from the records alone, for everybody at once: each sending is asked whether the caps would have let it go after those
-- recorded before it. The nth before it lies outside a window of n places, or the cap was used up.
--
-- Who is found need not differ, but who differs must be found. So all go through the pass for whom this question is not the
-- whole one: who was told "capped" or left a place to others; was capped at planning, or planned for later where a cap is looser
-- now; had a sending given back, or decided in another order than that of time; whom a quiet time or the end of a message's use
-- met, where those are tried. And beyond three places the third before stands for all.
create or replace function what_if.people_to_replay(
  p_user_from uuid, p_user_until uuid, p_purpose text, p_since timestamptz, p_from timestamptz, p_until timestamptz, p_changes jsonb)
returns table (user_id uuid)
language sql stable parallel safe
begin atomic
  with cap as materialized (
    select c.channel, c.max_messages, make_interval(hours => c.window_hours) as lasts, c.valid_from, c.valid_until
    from what_if.cap_versions(p_changes) c
    where c.purpose = p_purpose
      and c.max_messages is not null
      and tstzrange(c.valid_from, c.valid_until) && tstzrange(p_from, p_until)
  ),
  -- Of all zones at once: who is quiet in another one is named in vain.
  quiet as materialized (
    select coalesce(range_agg(what_if.tried_quiet_windows(p_changes, p_purpose, z.zone, p_from, p_until)), '{}') as tried
    from (
      select distinct z.zone
      from account.person_zone z
      where p_changes ? 'quiet_period'
        and z.user_id >= p_user_from
        and z.user_id < p_user_until
    ) z
  ),
  -- By how much less, at the most, messages would be useful.
  useful as materialized (
    select make_interval(days => ceil(max(r.value::double precision) - (p_changes ->> 'reminder.useful_for')::double precision)::int) as less
    from policy.rule r
    where p_changes ? 'reminder.useful_for'
      and r.rule = 'reminder.useful_for'
  ),
  sending as (
    select
      d.user_id, d.channel, d.sent_at, d.release_no, d.useful_until,
      lag(d.sent_at, 1) over went as first_before,
      lag(d.sent_at, 2) over went as second_before,
      lag(d.sent_at, 3) over went as third_before,
      coalesce(d.decision_no, 0) < lag(coalesce(d.decision_no, 0)) over went as is_out_of_order,
      d.sent_at >= p_from and coalesce(d.obeys_caps, d.decision_no is null) as is_asked
    from outreach.delivery d
    where d.user_id >= p_user_from
      and d.user_id < p_user_until
      and d.purpose = p_purpose
      and d.counts
      and d.sent_at >= p_since
      and d.sent_at < p_until
      and (d.state <> 'released' or d.release_no is not null)
    window went as (partition by d.user_id order by d.sent_at, coalesce(d.decision_no, 0))
  )
  select s.user_id
  from sending s
  where s.is_out_of_order
     or s.release_no is not null
     or s.sent_at >= p_from and s.sent_at <@ (select q.tried from quiet q)
     -- Older than the record of how long it was useful: it is looked up in the pass.
     or (select u.less from useful u) is not null and s.sent_at >= p_from and (
       s.useful_until is null or s.useful_until - (select u.less from useful u) < s.sent_at)
     or s.is_asked and exists (
       select
       from cap c
       where s.sent_at >= c.valid_from
         and s.sent_at < c.valid_until
         and coalesce(c.channel, s.channel) = s.channel
         and s.sent_at - c.lasts < case c.max_messages
           when 0 then s.sent_at
           when 1 then s.first_before
           when 2 then s.second_before
           else s.third_before
         end)
  union
  select d.user_id
  from outreach.claim_denial d
  where d.user_id >= p_user_from
    and d.user_id < p_user_until
    and d.purpose = p_purpose
    and d.decided_at >= p_from
    and d.decided_at < p_until
    and (d.reason in ('capped', 'yields')
      or d.reason in ('quiet', 'too_late') and what_if.touches_timing(p_changes)
      or d.verdict <> 'defer' and p_changes ? 'reminder.useful_for')
  union
  select c.user_id
  from smartengage.candidate c
  join smartengage.run r on r.run_id = c.run_id
  where p_purpose = 'outreach'
    and c.user_id >= p_user_from
    and c.user_id < p_user_until
    and c.reason = 'capped'
    and c.wanted_at is not null
    and r.planned_at >= p_from
    and r.planned_at < p_until
  union
  -- Whom planning made wait for a place that may now be free.
  select c.user_id
  from smartengage.candidate c
  join (
    select d.message_id, d.due_at, d.user_id from outreach.delivery d
    union all
    select d.message_id, d.due_at, d.user_id from outreach.claim_denial d
    union all
    select m.message_id, m.due_at, m.user_id from outreach.message m where m.state = 'scheduled'
  ) d on d.message_id = c.message_id
  where (select what_if.loosens_caps(p_changes))
    and p_purpose = 'outreach'
    and d.user_id >= p_user_from
    and d.user_id < p_user_until
    and c.user_id >= p_user_from
    and c.user_id < p_user_until
    and c.wanted_at < d.due_at
  union
  -- Whom planning refused for want of time. (A message too late for planning was sent when it is too late now, or refused.)
  select c.user_id
  from smartengage.candidate c
  where p_changes ? 'reminder.useful_for'
    and p_purpose = 'outreach'
    and c.user_id >= p_user_from
    and c.user_id < p_user_until
    and c.reason = 'no_time_left'
  union
  -- Messages that another rule of planning may take away (what_if.unplanned_messages is exact).
  select c.user_id
  from smartengage.candidate c
  join smartengage.run r on r.run_id = c.run_id
  where exists (select from what_if.replayable_rule u where p_changes ? u.rule and u.rule <> 'reminder.useful_for')
    and p_purpose = 'outreach'
    and c.user_id >= p_user_from
    and c.user_id < p_user_until
    and r.planned_at >= p_from
    and r.planned_at < p_until
    and c.outcome = 'message'
    and what_if.stopping_rule(p_changes, c.user_id, c.occurrence, c.p14, c.expected_at, r.planned_at, r.message_class) is not null;
end;

comment on function what_if.people_to_replay(uuid, uuid, text, timestamptz, timestamptz, timestamptz, jsonb) is
$$Everybody between two ids (the second not included) for whom a decision on messages of a purpose may differ under p_changes (see what_if.comparison), found from the records of all at once; for all others each recorded sending was asked and would go again.
p_since: beginning of the longest window that reaches into the period.$$;
