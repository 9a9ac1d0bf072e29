create or replace function smartengage.plan_decisions(
  p_campaign_id uuid, p_values smartengage.planning_values, p_at timestamptz, p_salt text)
returns table (
  user_id uuid, service_id uuid, segment text, occurrence text, p14 double precision,
  expected_at timestamptz, expected_value double precision, useful_until timestamptz,
  channel text, template_id uuid, due_at timestamptz, outcome text, reason text, rule text, rule_version int, candidates bigint)
language sql stable parallel safe
begin atomic
  with campaign as materialized (
    select c.campaign_id, c.kind, c.channels, c as campaign_row
    from smartengage.campaign c
    where c.campaign_id = p_campaign_id
  ),
  template as materialized (
    select t.*
    from campaign c
    cross join lateral text.house_texts(c.kind, p_at) t
  ),
  due as materialized (
    select d.*
    from smartengage.due_candidates(p_values, p_at) d
  ),
  -- Gates on one candidate alone, in their order. offset 0, here and below: the reason is computed once, not at each mention.
  gated as (
    select
      d.*, w.channel,
      text.assigned_variant(t.template_ids, t.bucket_from, d.user_id, p_salt) as template_id,
      coalesce(
        smartengage.first_refusal(
          c.campaign_row, p,
          case when exists (
            select
            from outreach.message m
            where m.campaign_id = p_campaign_id
              and m.user_id = d.user_id
              and m.occurrence = d.occurrence) then 'already_reminded' end,
          (p_values).global_share, p_at),
        w.reason,
        case when t.template_ids is null then 'no_text' end) as reason
    from due d
    cross join campaign c
    join account.person p on p.user_id = d.user_id
    join market.service s on s.service_id = d.service_id
    cross join lateral outreach.reachable_channel(d.user_id, c.channels, 'outreach', p_at) w
    -- Texts of the category before general ones, the person's language before English.
    left join lateral (
      select t.template_ids, t.bucket_from
      from template t
      where coalesce(t.category, s.category) = s.category
        and t.language in (p.language, 'en')
        and t.form = text.channel_form(w.channel)
      order by t.language = p.language desc, t.category is null
      limit 1
    ) t on true
    offset 0
  ),
  capped as materialized (
    select
      g.*, cap.cap, cap.cap_version, cap.frees_at,
      row_number() over (
        partition by g.user_id, g.reason is null
        order by g.expected_value desc, g.expected_at, g.service_id) as place
    from gated g
    left join lateral (
      select u.cap, u.cap_version, u.frees_at
      from outreach.cap_usage(g.user_id, g.channel, 'outreach', p_at, true) u
      order by u.frees_at desc
      limit 1
    ) cap on g.reason is null
  ),
  timed as (
    -- greatest() ignores nulls, but without an allowed time there is no due time.
    select x.*, t.send_at, case when t.send_at is not null then greatest(t.send_at, x.frees_at) end as due_at
    from capped x
    left join outreach.best_send_times(
      (select array_agg(o.user_id order by o.user_id) from capped o where o.reason is null and o.place = 1),
      (select array_agg(o.segment order by o.user_id) from capped o where o.reason is null and o.place = 1),
      p_at, p_at + interval '1 day', 'outreach',
      (p_values).window_from, (p_values).window_until) t
      on t.user_id = x.user_id
  ),
  judged as (
    select t.*, coalesce(t.reason, case
      when t.place > 1 then 'another_service_first'
      when t.cap is null then 'no_cap'
      when t.frees_at > t.useful_until then 'capped'
      when t.due_at is null or t.due_at > t.useful_until then 'no_time_left'
    end) as refusal
    from timed t
    offset 0
  )
  select
    j.user_id, j.service_id, j.segment, j.occurrence, j.p14, j.expected_at, j.expected_value, j.useful_until,
    j.channel, j.template_id, j.due_at,
    smartengage.candidate_outcome(j.user_id, p_campaign_id, (p_values).holdout_share, j.refusal),
    j.refusal,
    case j.refusal when 'capped' then j.cap else g.rule end,
    case j.refusal when 'capped' then j.cap_version else v.version end,
    (select count(*) from due)
  from judged j
  left join policy.refusal_reason g on g.reason = j.refusal
  left join policy.rule v on v.rule = g.rule and v.valid_at @> p_at;
end;

comment on function smartengage.plan_decisions(uuid, smartengage.planning_values, timestamptz, text) is
$$What a planning of a campaign decides at an instant: exactly one outcome for each candidate of smartengage.due_candidates.
Outcomes: message (channel, text, best time), ghost (held out), or refused with reason, rule and its version in force.
p_values: smartengage.planning_values; other values than those in force make it a preview. p_salt: salt of the draw that assigns
variants of texts (text.assigned_variant).
candidates: the count of smartengage.due_candidates, taken before any decision; the same in each row.
Reads only, takes no lock and works on a standby. smartengage.plan_reminder_run stores exactly these rows.$$;
