create or replace function smartengage.plan_decisions(
  p_campaign_id uuid, p_draw text, p_at timestamptz, p_segments text[] default null)
returns table (
  user_id uuid, service_id uuid, segment text, occurrence text, p14 double precision,
  expected_at timestamptz, expected_value double precision, useful_until timestamptz,
  channel text, template_id uuid, wanted_at timestamptz, due_at timestamptz, outcome text, reason text, rule text, rule_version int,
  candidates bigint)
language sql stable parallel safe
begin atomic
  with campaign as materialized (
    select c.*, c as itself, policy.number('holdout.global_share', p_at) as global_share
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
    from smartengage.due_candidates(p_campaign_id, p_at, p_segments) d
  ),
  -- Gates that look at one candidate alone, in their order. offset 0, here and below: the reason is worked out once, not at each mention, and kept nowhere.
  gated as (
    select
      d.*, w.channel,
      text.assigned_variant(t.template_ids, t.bucket_from, d.user_id, p_draw) as template_id,
      coalesce(
        smartengage.first_refusal(
          c.itself, p,
          case when exists (
            select
            from outreach.message m
            where m.campaign_id = p_campaign_id
              and m.user_id = d.user_id
              and m.occurrence = d.occurrence) then 'already_reminded' end,
          c.global_share, p_at),
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
    -- greatest() passes over null, but without an allowed time there is none to send at.
    select x.*, t.send_at, case when t.send_at is not null then greatest(t.send_at, x.frees_at) end as due_at
    from capped x
    left join smartengage.best_send_times(
      (select array_agg(distinct o.user_id) from capped o where o.reason is null),
      p_at, p_at + interval '1 day', 'outreach',
      (select c.window_from from campaign c), (select c.window_until from campaign c)) t
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
    j.channel, j.template_id, j.send_at, j.due_at,
    smartengage.candidate_outcome(j.user_id, p_campaign_id, c.holdout_share, j.refusal),
    j.refusal,
    case j.refusal when 'capped' then j.cap else g.rule end,
    case j.refusal when 'capped' then j.cap_version else v.version end,
    (select count(*) from due)
  from judged j
  cross join campaign c
  left join outreach.refusal_rule g on g.reason = j.refusal
  left join policy.rule v on v.rule = g.rule and v.valid_at @> p_at;
end;

comment on function smartengage.plan_decisions(uuid, text, timestamptz, text[]) is
$$What a campaign would do at an instant: one row for each candidate of smartengage.due_candidates with exactly one outcome: message (channel, text, best time), ghost (held out), or refused with reason, rule and version.
wanted_at: the best time, caps aside. candidates: how many smartengage.due_candidates has, counted before they are decided on; the same in each row. Pure: smartengage.plan_reminder_run carries it out, and anybody may ask it beforehand. p_draw: salt by which variants of texts are drawn (text.assigned_variant). p_segments: see smartengage.due_candidates.$$;
