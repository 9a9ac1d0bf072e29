create or replace function smartengage.announcement_decisions(
  p_campaign_id uuid, p_user_ids uuid[], p_occurrence text, p_template_id uuid, p_channels text[], p_message_class text,
  p_at_once boolean, p_at timestamptz)
returns table (
  user_id uuid, segment text, channel text, template_id uuid, due_at timestamptz, useful_until timestamptz,
  outcome text, reason text, rule text, rule_version int)
language sql stable parallel safe
begin atomic
  with campaign as materialized (
    select
      c.*, c as campaign_row, k.obeys_caps, k.purpose,
      policy.number('holdout.global_share', p_at) as global_share,
      p_at + make_interval(hours => policy.number('announcement.useful_for', p_at)::int) as useful_until
    from smartengage.campaign c
    join policy.message_class k on k.message_class = p_message_class
    where c.campaign_id = p_campaign_id
  ),
  -- The requested text and its counterparts in other languages and forms.
  template as materialized (
    select t.template_id, t.language, t.form, t.template_id = p_template_id as is_requested
    from text.template a
    join text.template t
      on (t.kind, t.variant, t.origin) = (a.kind, a.variant, a.origin)
     and t.category is not distinct from a.category
     and t.cohort is not distinct from a.cohort
    where a.template_id = p_template_id
      and t.approved_at is not null
      and t.retired_at is null
  ),
  gated as materialized (
    select
      p.user_id, g.segment as known_segment, coalesce(g.segment, 'new') as segment, w.channel, c.purpose, c.obeys_caps,
      c.useful_until,
      -- The person's own language, else English, else the language of the requested text.
      (
        select t.template_id
        from template t
        where t.form = text.channel_form(w.channel)
        order by t.language = p.language desc, t.language = 'en' desc, t.is_requested desc, t.template_id
        limit 1
      ) as template_id,
      coalesce(
        smartengage.first_refusal(
          c.campaign_row, p,
          case when exists (
            select
            from outreach.message m
            where m.campaign_id = p_campaign_id
              and m.user_id = p.user_id
              and m.occurrence = p_occurrence) then 'already_sent' end,
          c.global_share, p_at),
        w.reason,
        case when not exists (select from template t where t.form = text.channel_form(w.channel)) then 'no_text' end) as reason
    from account.person p
    cross join campaign c
    left join smartengage.customer_segment g on g.user_id = p.user_id
    cross join lateral outreach.reachable_channel(p.user_id, p_channels, c.purpose, p_at) w
    where p.user_id = any (p_user_ids)
      and p.role = 'customer'
  ),
  capped as materialized (
    select g.*, cap.cap, cap.cap_version, cap.frees_at
    from gated g
    left join lateral (
      select u.cap, u.cap_version, u.frees_at
      from outreach.cap_usage(g.user_id, g.channel, g.purpose, p_at, true) u
      order by u.frees_at desc
      limit 1
    ) cap on g.reason is null and g.obeys_caps
  ),
  timed as materialized (
    select x.*, case when w.wanted_at is not null then greatest(w.wanted_at, x.frees_at) end as due_at
    from capped x
    left join outreach.best_send_times(
      (select array_agg(o.user_id order by o.user_id) from capped o where o.reason is null and not p_at_once),
      (select array_agg(o.known_segment order by o.user_id) from capped o where o.reason is null and not p_at_once),
      p_at, p_at + interval '1 day', 'outreach',
      (select c.window_from from campaign c), (select c.window_until from campaign c)) t
      on t.user_id = x.user_id
    cross join lateral (select case when x.reason is null and p_at_once then p_at else t.send_at end as wanted_at) w
  ),
  judged as (
    select t.*, coalesce(t.reason, case
      when t.obeys_caps and t.cap is null then 'no_cap'
      when t.frees_at > t.useful_until then 'capped'
      when t.due_at is null or t.due_at > t.useful_until then 'no_time_left'
    end) as refusal
    from timed t
  )
  select
    j.user_id, j.segment, j.channel, j.template_id, j.due_at, j.useful_until,
    smartengage.candidate_outcome(j.user_id, p_campaign_id, c.holdout_share, j.refusal),
    j.refusal,
    case j.refusal when 'capped' then j.cap else g.rule end,
    case j.refusal when 'capped' then j.cap_version else v.version end
  from judged j
  cross join campaign c
  left join policy.refusal_reason g on g.reason = j.refusal
  left join policy.rule v on v.rule = g.rule and v.valid_at @> p_at;
end;

comment on function smartengage.announcement_decisions(uuid, uuid[], text, uuid, text[], text, boolean, timestamptz) is
$$What an announcement decides at an instant: one row per requested customer, with exactly one outcome.
The gates are those of a reminder (smartengage.plan_decisions); message class urgent is exempt from caps, and from nothing else.
p_occurrence: a person gets at most one message per campaign and occurrence.
p_at_once: due as soon as the gates of the claim allow, else at the person's best hour within a day.
Read-only: smartengage.plan_announcement_run stores these rows.$$;
