create or replace function explain.planning_verdicts(p_user_id uuid, p_at timestamptz)
returns table (
  campaign_id uuid, service_id uuid, place int, gate text, verdict text,
  reason text, rule text, rule_version int, evidence jsonb, frees_at timestamptz)
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
-- plpgsql caches its plan: planning takes as long as execution.
begin
  return query
  with rule as materialized (
    select
      make_interval(days => policy.number('reminder.lead', p_at)::int) as lead,
      make_interval(days => policy.number('reminder.useful_for', p_at)::int) as useful_for,
      policy.number('reminder.min_p14', p_at) as min_p14,
      policy.number('reminder.min_visits', p_at) as min_visits,
      policy.number('holdout.global_share', p_at) as global_share
  ),
  campaign_service as materialized (
    select
      g.campaign_id, g.status, g.starts_at, g.enabled, g.segments, g.canary_share, g.widened_at, g.holdout_share,
      g.window_from, g.window_until,
      f.service_id, f.visits, s.active, f.as_of, f.p14, f.service_id is not null and f.p14 is null as is_unknown,
      f.expected_at, f.segment, f.segment_version,
      f.expected_at - r.lead as due_from, f.expected_at + r.useful_for as useful_until, f.p14 * s.price_poisha as expected_value,
      s.code || ':' || f.visits as occurrence, p.disabled_at, p.erased_at, r.min_p14, r.min_visits, r.global_share,
      w.channel, w.reason as unreachable, t.templates, z.zone, p.quiet_from, p.quiet_until
    from account.person p
    join account.person_zone z on z.user_id = p.user_id
    cross join rule r
    join smartengage.campaign g on g.kind = 'reminder' and g.status in ('scheduled', 'running', 'paused') and g.created_at <= p_at
    cross join lateral outreach.reachable_channel(p.user_id, g.channels, 'outreach', p_at) w
    left join lateral explain.prediction_at(p.user_id, p_at) f on true
    left join market.service s on s.service_id = f.service_id
    left join lateral (
      select count(*) as templates
      from text.template t
      where t.kind = g.kind
        and t.origin = 'house'
        and t.approved_at <= p_at
        and (t.retired_at is null or t.retired_at > p_at)
        and coalesce(t.category, s.category) = s.category
        and t.language in (p.language, 'en')
        and t.form = text.channel_form(w.channel)
    ) t on true
    where p.user_id = p_user_id
  ),
  -- The gates of smartengage.eligibility, then those of smartengage.plan_decisions on one candidate alone, in their order.
  own_gate as materialized (
    select a.campaign_id, a.service_id, g.*
    from campaign_service a
    cross join lateral (
      select
        1, 'running', 'campaign', null::int, case when a.status <> 'running' then 'not_running' end, a.starts_at,
        jsonb_build_object('status', a.status)
      union all
      select
        2, 'history', 'reminder.min_visits', null,
        case when coalesce(a.visits < a.min_visits, true) then 'too_little_history' end, null,
        jsonb_build_object('visits', coalesce(a.visits, 0), 'least', a.min_visits)
      union all
      select
        3, 'service', 'service_active', null, case when not a.active then 'service_inactive' end, null,
        jsonb_build_object('active', a.active)
      union all
      select
        4, 'segment', 'campaign', null,
        case when a.is_unknown then 'not_learned' when (a.segment = any (a.segments)) is not true then 'not_in_segment' end, null,
        jsonb_build_object('segment', a.segment, 'segment_version', a.segment_version, 'segments', to_jsonb(a.segments))
      union all
      select
        5, 'not_booked', 'booked', null, case when b.ids is not null then 'open_booking' end, null,
        jsonb_build_object('booking_ids', coalesce(b.ids, '{}'))
      from (
        select array_agg(o.booking_id order by o.booking_id) as ids
        from market.open_or_completed_bookings_as_of(p_user_id, a.service_id, p_at, p_at) o
      ) b
      union all
      select
        6, 'still_useful', 'reminder.useful_for', null,
        case when a.is_unknown then 'not_learned' when a.useful_until <= p_at then 'too_late' end, null,
        jsonb_build_object('expected_at', a.expected_at, 'useful_until', a.useful_until)
      union all
      select
        7, 'due', 'reminder.lead', null,
        case when a.is_unknown then 'not_learned' when a.due_from > p_at then 'not_due_yet' end, a.due_from,
        jsonb_build_object('expected_at', a.expected_at, 'as_of', a.as_of)
      union all
      select
        8, 'likely', 'reminder.min_p14', null,
        case when a.is_unknown then 'not_learned' when a.p14 < a.min_p14 then 'unlikely' end, null,
        jsonb_build_object('p14', a.p14, 'least', a.min_p14, 'as_of', a.as_of)
      union all
      select
        11, 'flag', 'campaign', null, case when not a.enabled then 'flag_off' end, null, jsonb_build_object('enabled', a.enabled)
      union all
      select
        12, 'person_active', 'person_active', null,
        case when a.disabled_at <= p_at or a.erased_at <= p_at then 'person_inactive' end, null,
        jsonb_build_object('disabled_at', a.disabled_at, 'erased_at', a.erased_at)
      union all
      select
        13, 'once', 'reminder.once', null, case when m.message_id is not null then 'already_reminded' end, null,
        jsonb_build_object('occurrence', a.occurrence, 'message_id', m.message_id, 'planned_at', m.planned_at)
      from (select) one
      left join outreach.message m
        on m.user_id = p_user_id
       and m.campaign_id = a.campaign_id
       and m.occurrence = a.occurrence
       and m.planned_at <= p_at
      union all
      select
        14, 'global_control', 'holdout.global_share', null, case when x.bucket < a.global_share then 'global_control' end, null,
        jsonb_build_object('draw', x.bucket, 'share', a.global_share)
      from (select stats.bucket(p_user_id, 'global_control') as bucket) x
      union all
      select
        15, 'canary', 'campaign', null,
        case when (a.widened_at <= p_at) is not true and x.bucket >= a.canary_share then 'not_in_canary' end, null,
        jsonb_build_object('draw', x.bucket, 'share', a.canary_share, 'widened_at', a.widened_at)
      from (select stats.bucket(p_user_id, a.campaign_id || '/canary') as bucket) x
      union all
      select
        16, 'consent', 'consent', null, case when a.unreachable = 'no_consent' then 'no_consent' end, null,
        jsonb_build_object('channel', a.channel, 'purpose', 'outreach', 'since', c.since, 'withdrawn_at', c.withdrawn_at)
      from (select) one
      left join lateral (
        select lower(c.valid_at) as since, upper(c.valid_at) as withdrawn_at
        from account.consent c
        where c.user_id = p_user_id
          and c.channel = a.channel
          and c.purpose = 'outreach'
          and lower(c.valid_at) <= p_at
        order by lower(c.valid_at) desc
        limit 1
      ) c on true
      union all
      select
        17, 'address', 'contact', null, case when a.unreachable <> 'no_consent' then a.unreachable end, null,
        jsonb_build_object('channel', a.channel)
      union all
      select
        18, 'text', 'approved_text', null, case when a.templates = 0 then 'no_text' end, null,
        jsonb_build_object('templates', a.templates)
    ) g (place, gate, rule, rule_version, refusal, frees_at, evidence)
  ),
  -- Then the gates that compare with the person's other services, other messages, and the clock.
  judged as materialized (
    select
      a.*, x.first_refusal is null as passes, x.is_candidate,
      row_number() over (
        partition by a.campaign_id, x.first_refusal is null and x.is_candidate
        order by a.expected_value desc, a.expected_at, a.service_id) as turn
    from campaign_service a
    cross join lateral (
      select
        (array_agg(g.refusal order by g.place) filter (where g.refusal is not null))[1] as first_refusal,
        coalesce(bool_and(g.refusal is null) filter (where g.place < 10), false) as is_candidate
      from own_gate g
      where g.campaign_id = a.campaign_id
        and g.service_id is not distinct from a.service_id
    ) x
  ),
  send_time as materialized (
    select k.campaign_id, cap.frees_at, t.send_at
    from (
      select distinct o.campaign_id, o.channel, o.segment, o.window_from, o.window_until
      from judged o
      where o.service_id is not null
    ) k
    left join lateral (
      select u.frees_at
      from outreach.cap_usage(p_user_id, k.channel, 'outreach', p_at, p_include_pending => true, p_without_hindsight => true) u
      order by u.frees_at desc
      limit 1
    ) cap on true
    left join lateral outreach.best_send_times(
      array[p_user_id], array[k.segment], p_at, p_at + interval '1 day', 'outreach', k.window_from, k.window_until) t on true
  ),
  gate as (
    select * from own_gate
    union all
    select o.campaign_id, o.service_id, g.*
    from judged o
    join send_time t on t.campaign_id = o.campaign_id
    cross join lateral (
      select case when t.send_at is not null then greatest(t.send_at, t.frees_at) end as at
    ) d
    cross join lateral (
      select
        21, 'one_service', 'reminder.one_service', null::int, case when o.turn > 1 then 'another_service_first' end,
        null::timestamptz,
        jsonb_build_object('turn', o.turn, 'expected_value', o.expected_value)
      where o.passes
      union all
      select
        22 + (row_number() over (order by u.frees_at desc, u.cap))::int, 'cap', u.cap, u.cap_version,
        case when u.frees_at > o.useful_until then 'capped' when o.is_unknown and u.frees_at > p_at then 'not_learned' end,
        u.frees_at,
        jsonb_build_object('used', u.used, 'max', u.max_messages, 'window_hours', u.window_hours, 'message_ids', u.message_ids)
      from outreach.cap_usage(p_user_id, o.channel, 'outreach', p_at, p_include_pending => true, p_without_hindsight => true) u
      union all
      select 22, 'cap', 'cap', null, 'no_cap', null, '{}'
      where t.frees_at is null
      union all
      select
        98, 'time', 'quiet_period', null,
        case when d.at is null or d.at > o.useful_until then 'no_time_left' when o.is_unknown then 'not_learned' end, null,
        jsonb_build_object('send_at', d.at, 'best_hour', t.send_at, 'useful_until', o.useful_until)
      union all
      select
        99, 'holdout', 'campaign', null, case when x.bucket < o.holdout_share then 'ghost' end, null,
        jsonb_build_object('draw', x.bucket, 'share', o.holdout_share)
      from (select stats.bucket(p_user_id, o.campaign_id || '/holdout') as bucket) x
    ) g
    where o.service_id is not null
  )
  select
    g.campaign_id, g.service_id, g.place, g.gate,
    case
      when g.refusal is null then 'pass'
      when g.gate = 'holdout' then 'ghost'
      when g.refusal = 'not_learned' then 'unknown'
      else 'refuse'
    end,
    g.refusal, g.rule, coalesce(g.rule_version, v.version), g.evidence,
    case when g.refusal is not null or g.frees_at > p_at then g.frees_at end
  from gate g
  left join policy.rule v on v.rule = g.rule and v.valid_at @> p_at;
end;
$$;

comment on function explain.planning_verdicts(uuid, timestamptz) is
$$Every gate of planning at an instant, for each reminder campaign and each service that a person has a rhythm with.
Campaigns are those scheduled, running or paused.
service_id null: no rhythm yet. Gates of smartengage.eligibility come first (place below 10), then those of
smartengage.plan_decisions in their order. Each is judged by itself; the first that does not pass is what planning decides.
verdict: pass, refuse, ghost (held out), or unknown (not_learned: it depends on the prediction, and no model of that time is
kept; prediction.store_model of that instant learns one from all bookings, once for the days after it).
A prediction before the present profile is computed as of then (explain.prediction_at). Of a cap, frees_at is the instant that
the message would be postponed to.
Rules and consents are those in force at the instant. Settings of campaigns have no history: they are those of now.
At the present it agrees with smartengage.eligibility and smartengage.plan_decisions (a test compares them).$$;
