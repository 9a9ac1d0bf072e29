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
  -- Gates on one candidate alone. fails: whether the gate stops it; null = unknown, as no prediction of that time is kept.
  -- policy.gate has their names, places and verdicts.
  own_gate as materialized (
    select
      a.campaign_id, a.service_id, g.reason, coalesce(g.fails, case when not a.is_unknown then false end) as fails,
      g.frees_at, g.evidence
    from campaign_service a
    cross join lateral (
      select 'not_running', a.status <> 'running', a.starts_at, jsonb_build_object('status', a.status)
      union all
      select
        'too_little_history', coalesce(a.visits < a.min_visits, true), null,
        jsonb_build_object('visits', coalesce(a.visits, 0), 'least', a.min_visits)
      union all
      select 'service_inactive', not a.active, null, jsonb_build_object('active', a.active)
      union all
      select
        'not_in_segment', case when not a.is_unknown then (a.segment = any (a.segments)) is not true end, null,
        jsonb_build_object('segment', a.segment, 'segment_version', a.segment_version, 'segments', to_jsonb(a.segments))
      union all
      select 'open_booking', b.ids is not null, null, jsonb_build_object('booking_ids', coalesce(b.ids, '{}'))
      from (
        select array_agg(o.booking_id order by o.booking_id) as ids
        from market.open_or_completed_bookings_as_of(p_user_id, a.service_id, p_at, p_at) o
      ) b
      union all
      select
        'too_late', a.useful_until <= p_at, null,
        jsonb_build_object('expected_at', a.expected_at, 'useful_until', a.useful_until)
      union all
      select 'not_due_yet', a.due_from > p_at, a.due_from, jsonb_build_object('expected_at', a.expected_at, 'as_of', a.as_of)
      union all
      select 'unlikely', a.p14 < a.min_p14, null, jsonb_build_object('p14', a.p14, 'least', a.min_p14, 'as_of', a.as_of)
      union all
      select 'flag_off', not a.enabled, null, jsonb_build_object('enabled', a.enabled)
      union all
      select
        'person_inactive', (a.disabled_at <= p_at or a.erased_at <= p_at) is true, null,
        jsonb_build_object('disabled_at', a.disabled_at, 'erased_at', a.erased_at)
      union all
      select
        'already_reminded', m.message_id is not null, null,
        jsonb_build_object('occurrence', a.occurrence, 'message_id', m.message_id, 'planned_at', m.planned_at)
      from (select) one
      left join outreach.message m
        on m.user_id = p_user_id
       and m.campaign_id = a.campaign_id
       and m.occurrence = a.occurrence
       and m.planned_at <= p_at
      union all
      select 'global_control', x.bucket < a.global_share, null, jsonb_build_object('draw', x.bucket, 'share', a.global_share)
      from (select stats.bucket(p_user_id, 'global_control') as bucket) x
      union all
      select
        'not_in_canary', (a.widened_at <= p_at) is not true and x.bucket >= a.canary_share, null,
        jsonb_build_object('draw', x.bucket, 'share', a.canary_share, 'widened_at', a.widened_at)
      from (select stats.bucket(p_user_id, a.campaign_id || '/canary') as bucket) x
      union all
      select
        'no_consent', a.unreachable is not distinct from 'no_consent', null,
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
        case a.unreachable when 'suppressed' then 'suppressed' else 'no_address' end, (a.unreachable <> 'no_consent') is true, null,
        jsonb_build_object('channel', a.channel)
      union all
      select 'no_text', a.templates = 0, null, jsonb_build_object('templates', a.templates)
    ) g (reason, fails, frees_at, evidence)
  ),
  -- Then the gates that compare with the person's other services, other messages, and the clock.
  judged as materialized (
    select
      a.*, x.passes,
      row_number() over (partition by a.campaign_id, x.passes order by a.expected_value desc, a.expected_at, a.service_id) as turn
    from campaign_service a
    cross join lateral (
      select bool_and(g.fails is false) as passes
      from own_gate g
      where g.campaign_id = a.campaign_id
        and g.service_id is not distinct from a.service_id
    ) x
    where a.service_id is not null
  ),
  cap as materialized (
    select k.campaign_id, u.*, row_number() over (partition by k.campaign_id order by u.frees_at desc, u.cap)::int as nth
    from (select distinct o.campaign_id, o.channel from judged o) k
    cross join lateral outreach.cap_usage(
      p_user_id, k.channel, 'outreach', p_at, p_include_pending => true, p_without_hindsight => true) u
  ),
  send_time as materialized (
    select k.campaign_id, k.segment, u.frees_at, t.send_at
    from (select distinct o.campaign_id, o.segment, o.window_from, o.window_until from judged o) k
    left join cap u on u.campaign_id = k.campaign_id and u.nth = 1
    left join lateral outreach.best_send_times(
      array[p_user_id], array[k.segment], p_at, p_at + interval '1 day', 'outreach', k.window_from, k.window_until) t on true
  ),
  gate as (
    select o.*, null as cap from own_gate o
    union all
    select o.campaign_id, o.service_id, g.*
    from judged o
    join send_time t on t.campaign_id = o.campaign_id and t.segment is not distinct from o.segment
    cross join lateral (
      select case when t.send_at is not null then greatest(t.send_at, t.frees_at) end as at
    ) d
    cross join lateral (
      select
        'another_service_first', o.turn > 1, null::timestamptz,
        jsonb_build_object('turn', o.turn, 'expected_value', o.expected_value), null::text
      where o.passes
      union all
      select 'no_cap', true, null, '{}', null
      where t.frees_at is null
      union all
      select
        'capped', case when u.frees_at > p_at or not o.is_unknown then u.frees_at > o.useful_until else false end, u.frees_at,
        jsonb_build_object('used', u.used, 'max', u.max_messages, 'window_hours', u.window_hours, 'message_ids', u.message_ids),
        u.cap
      from cap u
      where u.campaign_id = o.campaign_id
      union all
      select
        'no_time_left', d.at is null or d.at > o.useful_until, null,
        jsonb_build_object('send_at', d.at, 'best_hour', t.send_at, 'useful_until', o.useful_until), null
      union all
      select 'ghost', x.bucket < o.holdout_share, null, jsonb_build_object('draw', x.bucket, 'share', o.holdout_share), null
      from (select stats.bucket(p_user_id, o.campaign_id || '/holdout') as bucket) x
    ) g
  )
  select
    g.campaign_id, g.service_id, k.place + coalesce(u.nth, 0), k.gate,
    case g.fails when false then 'pass' when true then k.verdict else 'unknown' end,
    case when g.fails then k.reason when g.fails is null then 'not_learned' end,
    coalesce(u.cap, k.rule), coalesce(u.cap_version, k.version), g.evidence,
    case when g.fails is not false or g.frees_at > p_at then g.frees_at end
  from gate g
  -- offset 0: each gate finds its rule once, not for each campaign and service.
  join (select a.* from policy.gates_at('plan', p_at) a offset 0) k on k.reason = g.reason
  left join cap u on u.campaign_id = g.campaign_id and u.cap = g.cap;
end;
$$;

comment on function explain.planning_verdicts(uuid, timestamptz) is
$$Every gate of planning at an instant, for each reminder campaign and each service that a person has a rhythm with.
Campaigns are those scheduled, running or paused.
service_id null: no rhythm yet. Gates are named and placed by policy.gate. Each is judged by itself; the first that does not pass
is what planning decides.
verdict: pass, refuse, ghost (held out), or unknown (not_learned: it depends on the prediction, and no model of that time is
kept; prediction.store_model of that instant learns one from all bookings, once for the days after it).
A prediction before the present profile is computed as of then (explain.prediction_at). Of a cap, frees_at is the instant that
the message would be postponed to.
Rules and consents are those in force at the instant. Settings of campaigns have no history: they are those of now.
At the present it agrees with smartengage.eligibility and smartengage.plan_decisions (a test compares them).$$;
