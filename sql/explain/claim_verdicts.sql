create or replace function explain.claim_verdicts(p_user_id uuid, p_at timestamptz)
returns table (
  message_id uuid, campaign_id uuid, service_id uuid, place int, gate text, verdict text,
  reason text, rule text, rule_version int, evidence jsonb, frees_at timestamptz)
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
-- plpgsql caches its plan: planning takes as long as execution.
begin
  return query
  with waiting as materialized (
    select
      m.*, p.disabled_at, p.erased_at, p.quiet_from, p.quiet_until, z.zone, mc.priority, mc.stops_when,
      m.channel = 'in_app' or o.address is not null as has_address, o.suppressed_at, t.approved_at, t.form,
      h.kind as hold, h.since as held_since
    from outreach.pending_messages_at(p_user_id, p_at) m
    join account.person p on p.user_id = m.user_id
    join account.person_zone z on z.user_id = m.user_id
    join policy.message_class mc on mc.message_class = m.message_class
    left join account.contact o on o.user_id = m.user_id and o.channel = m.channel
    left join text.template t on t.template_id = m.template_id
    left join outreach.campaign_hold h on h.campaign_id = m.campaign_id and h.since <= p_at
  ),
  cap as materialized (
    -- The strictest cap decides, so it comes first.
    select
      w.message_id, u.*,
      row_number() over (partition by w.message_id order by u.frees_at desc, u.max_messages - u.used)::int as nth
    from waiting w
    cross join lateral outreach.cap_usage(w.user_id, w.channel, w.purpose, p_at, p_without_hindsight => true) u
    where w.obeys_caps
  ),
  -- fails: whether the gate stops the message; policy.gate has its name, place and verdict.
  gate as (
    select w.message_id, w.campaign_id, w.service_id, w.useful_until, g.*
    from waiting w
    -- The latest consent given by then, whether in force or withdrawn.
    left join lateral (
      select c.*
      from account.consent c
      where c.user_id = w.user_id
        and c.channel = w.channel
        and c.purpose = w.purpose
        and lower(c.valid_at) <= p_at
      order by lower(c.valid_at) desc
      limit 1
    ) c on true
    left join lateral (
      select
        (lower(s.open_window) <= p_at) is not true as is_quiet,
        coalesce(
          outreach.deferred_until(
            w.message_id, s.open_window, w.useful_until,
            make_interval(mins => (select policy.number('quiet.spread', p_at))::int),
            make_interval(mins => (select policy.number('quiet.margin', p_at))::int)),
          'infinity') as at
      from outreach.next_open_window(
        p_at, w.zone, w.purpose, w.quiet_from, w.quiet_until, w.window_from, w.window_until) as s (open_window)
    ) a on w.purpose <> 'transactional'
    cross join lateral (
      select
        'person_inactive', w.disabled_at <= p_at or w.erased_at <= p_at, null::timestamptz,
        jsonb_build_object('disabled_at', w.disabled_at, 'erased_at', w.erased_at), null::text
      union all
      select
        case w.hold when 'stopped' then 'campaign_stopped' else 'campaign_paused' end, w.hold is not null, null,
        jsonb_build_object('hold', w.hold, 'since', w.held_since), null
      union all
      select 'too_late', w.useful_until < p_at, null, jsonb_build_object('useful_until', w.useful_until), null
      union all
      select
        'no_consent', (c.valid_at @> p_at) is not true, null,
        jsonb_build_object('channel', w.channel, 'purpose', w.purpose, 'since', lower(c.valid_at), 'source', c.source,
          'wording_version', c.wording_version, 'withdrawn_at', upper(c.valid_at), 'withdrawn_source', c.withdrawn_source),
        null
      where w.purpose <> 'transactional'
      union all
      select
        case when w.has_address then 'suppressed' else 'no_address' end,
        not w.has_address or w.channel <> 'in_app' and w.suppressed_at <= p_at, null,
        jsonb_build_object('channel', w.channel, 'suppressed_at', w.suppressed_at), null
      union all
      select 'arrived', e.kinds is not null, null, jsonb_build_object('attempts', w.attempt, 'told', coalesce(e.kinds, '{}')), null
      from (
        select array_agg(distinct e.kind) as kinds
        from outreach.message_event e
        where e.message_id = w.message_id
          and e.kind in ('delivered', 'opened', 'clicked', 'booked')
          and not e.is_machine
          and e.recorded_at <= p_at
      ) e
      where w.attempt > 0
      union all
      select
        'no_text', w.approved_at is null or w.purpose = 'outreach' and w.form <> text.channel_form(w.channel), null,
        jsonb_build_object('template_id', w.template_id, 'approved_at', w.approved_at, 'form', w.form), null
      union all
      select 'booked', b.ids is not null, null, jsonb_build_object('booking_ids', coalesce(b.ids, '{}')), null
      from (
        select array_agg(s.booking_id order by s.booking_id) as ids
        from market.open_or_completed_bookings_as_of(w.user_id, w.service_id, w.planned_at, p_at) s
      ) b
      where w.stops_when = 'service_booking'
      union all
      select
        'quiet', a.is_quiet, a.at,
        jsonb_build_object('zone', w.zone, 'periods', coalesce((
          select jsonb_agg(jsonb_build_object('name', q.name, 'until', upper(q.quiet_range)) order by upper(q.quiet_range), q.name)
          from outreach.quiet_windows(
            p_at, p_at + interval '2 days', w.zone, w.purpose, w.quiet_from, w.quiet_until, w.window_from, w.window_until) q
          where q.quiet_range @> p_at), '[]')),
        null
      where w.purpose <> 'transactional'
      union all
      select 'no_cap', true, null, '{}', null
      where w.obeys_caps
        and not exists (select from cap u where u.message_id = w.message_id)
      union all
      select
        'capped', u.frees_at > p_at, u.frees_at,
        jsonb_build_object('used', u.used, 'max', u.max_messages, 'window_hours', u.window_hours, 'message_ids', u.message_ids),
        u.cap
      from cap u
      where u.message_id = w.message_id
      union all
      select
        'yields', y.due_at is not null, greatest(y.due_at, p_at) + interval '1 minute',
        jsonb_build_object('message_id', y.message_id, 'due_at', y.due_at), null
      from (select) one
      left join lateral (
        select o.message_id, o.due_at
        from outreach.higher_priority_due(w.user_id, w.purpose, w.priority, p_at, p_without_hindsight => true) o
        where 1 = (select u.max_messages - u.used from cap u where u.message_id = w.message_id and u.nth = 1)
        order by o.due_at, o.message_id
        limit 1
      ) y on true
      where w.obeys_caps
    ) g (reason, fails, frees_at, evidence, cap)
  )
  select
    g.message_id, g.campaign_id, g.service_id, k.place + coalesce(u.nth, 0), k.gate,
    case when g.fails is not true then 'pass' when g.frees_at <= g.useful_until then 'defer' else k.verdict end,
    case when g.fails then k.reason end, coalesce(u.cap, k.rule), coalesce(u.cap_version, k.version), g.evidence,
    case when g.fails then g.frees_at end
  from gate g
  -- offset 0: each gate finds its rule once, not for each message.
  join (select a.* from policy.gates_at('claim', p_at) a offset 0) k on k.reason = g.reason
  left join cap u on u.message_id = g.message_id and u.cap = g.cap;
end;
$$;

comment on function explain.claim_verdicts(uuid, timestamptz) is
$$Every gate before every message of a person that was waiting at an instant, placed by policy.gate.
Each gate is judged by itself; the first that does not pass is what the claim decides.
verdict: pass; defer (until frees_at); wait (the campaign is paused); expire; refuse; with reason, rule and its version in force
then.
evidence: ids, instants and counts, no personal data.
At the present it agrees with outreach.claim_verdicts (a test compares them). For the past, what has no history is that of now:
addresses and the texts of messages.$$;
