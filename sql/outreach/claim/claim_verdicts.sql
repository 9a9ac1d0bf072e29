create or replace function outreach.claim_verdicts(p_message_ids uuid[], p_at timestamptz)
returns table (message_id uuid, verdict text, reason text, rule text, rule_version int, until timestamptz)
language sql stable parallel safe
begin atomic
  with asked as materialized (
    select
      m.*, p.disabled_at, p.erased_at, p.quiet_from, p.quiet_until, z.zone,
      c.address, c.suppressed_at, t.approved_at, t.form, mc.priority, mc.stops_when, h.kind as hold
    from outreach.message m
    join account.person p on p.user_id = m.user_id
    join account.person_zone z on z.user_id = m.user_id
    join policy.message_class mc on mc.message_class = m.message_class
    left join account.contact c on c.user_id = m.user_id and c.channel = m.channel
    left join text.template t on t.template_id = m.template_id
    left join outreach.campaign_hold h on h.campaign_id = m.campaign_id
    where m.message_id = any (p_message_ids)
  ),
  -- Most people share zone, window and no own quiet hours, so the next open window is computed once per combination.
  timing as materialized (
    select
      k.*,
      outreach.next_open_window(
        p_at, k.zone, k.purpose, k.quiet_from, k.quiet_until, k.window_from, k.window_until) as open_window
    from (
      select distinct a.zone, a.purpose, a.quiet_from, a.quiet_until, a.window_from, a.window_until
      from asked a
      where a.purpose <> 'transactional'
    ) k
  ),
  judged as materialized (
    select
      a.message_id, a.useful_until, t.open_window, cap.cap, cap.cap_version, cap.frees_at, ahead.due_at as yields_until,
      case
        when a.disabled_at <= p_at or a.erased_at is not null then 'person_inactive'
        when a.hold = 'stopped' then 'campaign_stopped'
        when a.useful_until < p_at then 'too_late'
        -- Must be open-ended: p_at is the start of the claim's transaction, and a withdrawal committed since then wins.
        when a.purpose <> 'transactional' and not exists (
          select
          from account.consent_at(a.user_id, a.channel, a.purpose, p_at) c
          where upper_inf(c.valid_at)) then 'no_consent'
        when a.channel <> 'in_app' and a.address is null then 'no_address'
        when a.channel <> 'in_app' and a.suppressed_at is not null then 'suppressed'
        -- Returned by the provider, but reported as delivered later.
        when a.attempt > 0 and exists (
          select
          from outreach.message_event e
          where e.message_id = a.message_id
            and e.kind in ('delivered', 'opened', 'clicked', 'booked')
            and not e.is_machine) then 'arrived'
        when a.approved_at is null or a.purpose = 'outreach' and a.form <> text.channel_form(a.channel) then 'no_text'
        when a.stops_when = 'service_booking'
          and exists (select from market.open_or_completed_bookings(a.user_id, a.service_id, a.planned_at)) then 'booked'
        when a.purpose <> 'transactional' and (lower(t.open_window) <= p_at) is not true then 'quiet'
        when a.obeys_caps and cap.cap is null then 'no_cap'
        when a.obeys_caps and cap.frees_at > p_at then 'capped'
        when a.obeys_caps and ahead.due_at is not null then 'yields'
      end as reason
    from asked a
    left join timing t
      on (t.zone, t.purpose) = (a.zone, a.purpose)
     and (t.quiet_from, t.quiet_until, t.window_from, t.window_until)
         is not distinct from (a.quiet_from, a.quiet_until, a.window_from, a.window_until)
    -- The strictest cap decides: the one that frees last.
    left join lateral (
      select u.cap, u.cap_version, u.frees_at, u.max_messages - u.used as room
      from outreach.cap_usage(a.user_id, a.channel, a.purpose, p_at) u
      order by u.frees_at desc, u.max_messages - u.used
      limit 1
    ) cap on a.obeys_caps
    -- Reserve the last slot for a higher-priority message.
    left join lateral (
      select min(o.due_at) as due_at
      from outreach.higher_priority_due(a.user_id, a.purpose, a.priority, p_at) o
      where cap.room = 1
    ) ahead on true
  ),
  timed as materialized (
    select j.*,
      case j.reason
        when 'quiet' then coalesce(
          outreach.deferred_until(
            j.message_id, j.open_window, j.useful_until,
            make_interval(mins => (select policy.number('quiet.spread', p_at))::int),
            make_interval(mins => (select policy.number('quiet.margin', p_at))::int)),
          'infinity')
        when 'capped' then j.frees_at
        when 'yields' then greatest(j.yields_until, p_at) + interval '1 minute'
      end as until
    from judged j
  )
  select
    t.message_id,
    case
      when t.reason is null then 'send'
      when t.until <= t.useful_until then 'defer'
      else k.verdict
    end,
    t.reason,
    case t.reason when 'capped' then t.cap else g.rule end,
    case t.reason when 'capped' then t.cap_version else v.version end,
    t.until
  from timed t
  left join policy.refusal_reason g on g.reason = t.reason
  left join policy.gate k on k.stage = 'claim' and k.reason = t.reason
  left join policy.rule v on v.rule = g.rule and v.valid_at @> p_at;
end;

comment on function outreach.claim_verdicts(uuid[], timestamptz) is
$$The decision on each message at an instant, one row per message, without side effects.
verdict: send; defer (until an instant that is still useful); expire or refuse. With reason, rule and rule version.
until: when to try again, infinity = never; null unless quiet, capped or yields.
outreach.claim_messages calls it under the locks of the people.$$;
