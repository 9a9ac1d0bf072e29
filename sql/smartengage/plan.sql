create or replace function smartengage.plan(p_campaign_id uuid, p_trigger_key text, p_at timestamptz)
returns jsonb
language plpgsql volatile parallel unsafe
set search_path = ''
as $$
declare
  v_campaign smartengage.campaign;
  v_run_id uuid;
begin
  select c.* into v_campaign
  from smartengage.campaign c
  where c.campaign_id = p_campaign_id
  for no key update;
  if not found then
    raise exception 'There is no such campaign' using errcode = 'SH404', detail = p_campaign_id::text;
  end if;
  select r.run_id into v_run_id
  from smartengage.run r
  where r.campaign_id = p_campaign_id
    and r.trigger_key = p_trigger_key;
  if found then
    return smartengage.run_summary(v_run_id) || '{"already": true}';
  end if;
  if v_campaign.status <> 'running' then
    raise exception 'The campaign is not running' using errcode = 'SH409', detail = v_campaign.status;
  end if;
  v_run_id := uuidv7();

  with rules as materialized (
    select
      make_interval(days => policy.number('reminder.lead', p_at)::int) as lead,
      make_interval(days => policy.number('reminder.useful_for', p_at)::int) as useful_for,
      policy.number('reminder.min_p14', p_at) as min_p14,
      policy.number('reminder.min_visits', p_at) as min_visits,
      policy.number('holdout.global_share', p_at) as global_share
  ),
  -- Who is due (the candidates): each of them leaves this statement with exactly one outcome.
  due as materialized (
    select
      f.user_id, f.service_id, f.p14, f.expected_at, c.segment,
      s.code || ':' || f.visits as occurrence,
      f.p14 * s.price_poisha as expected_value,
      f.expected_at + r.useful_for as useful_until,
      s.category, p.language, p.disabled_at, p.erased_at
    from smartengage.profile f
    cross join rules r
    join smartengage.customer c on c.user_id = f.user_id
    join account.person p on p.user_id = f.user_id
    join market.service s on s.service_id = f.service_id and s.active
    where f.expected_at <= p_at + r.lead
      and f.expected_at + r.useful_for > p_at
      and f.p14 >= r.min_p14
      and f.visits >= r.min_visits
      and c.segment = any (v_campaign.segments)
      and not exists (
        select
        from market.booking b
        where b.customer_id = f.user_id
          and b.service_id = f.service_id
          and b.status in ('pending', 'confirmed', 'in_progress'))
  ),
  reached as materialized (
    select d.*, w.channel, w.reason as unreachable
    from due d
    cross join lateral smartengage.reachable(d.user_id, v_campaign.channels, 'outreach', p_at) w
  ),
  template as materialized (
    select t.category, t.language, array_agg(t.template_id order by t.variant, t.template_id) as template_ids
    from outreach.template t
    where t.kind = v_campaign.kind
      and t.origin = 'house'
      and t.approved_at is not null
      and t.retired_at is null
    group by t.category, t.language
  ),
  -- Gates that look at one candidate alone, in their order.
  gated as materialized (
    select
      q.*,
      t.template_ids[1 + floor(cardinality(t.template_ids) * smartengage.share_of(q.user_id, v_run_id::text))::int] as template_id,
      case
        when not v_campaign.enabled then 'flag_off'
        when q.disabled_at <= p_at or q.erased_at is not null then 'person_inactive'
        when exists (
          select
          from outreach.message m
          where m.campaign_id = p_campaign_id
            and m.user_id = q.user_id
            and m.occurrence = q.occurrence) then 'already_reminded'
        when smartengage.share_of(q.user_id, 'global_control') < r.global_share then 'global_control'
        when smartengage.share_of(q.user_id, v_campaign.campaign_id || '/canary') >= v_campaign.canary_share then 'not_in_canary'
        when q.unreachable is not null then q.unreachable
        when t.template_ids is null then 'no_text'
      end as reason
    from reached q
    cross join rules r
    -- Texts of the category before general ones, the person's language before English.
    left join lateral (
      select t.template_ids
      from template t
      where coalesce(t.category, q.category) = q.category
        and t.language in (q.language, 'en')
      order by t.language = q.language desc, t.category is null
      limit 1
    ) t on true
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
      from outreach.cap_use(g.user_id, g.channel, 'outreach', p_at, true) u
      order by u.frees_at desc
      limit 1
    ) cap on g.reason is null
  ),
  timed as materialized (
    -- greatest() passes over null, but without an allowed time there is none to send at.
    select x.*, case when t.send_at is not null then greatest(t.send_at, x.frees_at) end as due_at
    from capped x
    left join smartengage.send_time(
      (select array_agg(distinct o.user_id) from capped o where o.reason is null),
      p_at, p_at + interval '1 day', 'outreach', v_campaign.window_from, v_campaign.window_until) t
      on t.user_id = x.user_id
  ),
  decided as materialized (
    select
      t.*,
      coalesce(t.reason, case
        when t.place > 1 then 'another_service_first'
        when t.cap is null then 'no_cap'
        when t.frees_at > t.useful_until then 'capped'
        when t.due_at is null or t.due_at > t.useful_until then 'no_time_left'
      end) as refusal,
      smartengage.share_of(t.user_id, v_campaign.campaign_id || '/holdout') < v_campaign.holdout_share as held_out,
      uuidv7() as message_id
    from timed t
  ),
  run as (
    insert into smartengage.run (run_id, campaign_id, trigger_key, planned_at, candidates)
    select v_run_id, p_campaign_id, p_trigger_key, p_at, count(*) from due
  ),
  message as (
    insert into outreach.message (
      message_id, user_id, channel, purpose, message_class, obeys_caps, counts, kind, campaign_id, run_id, occurrence,
      service_id, add_on_ids, suggested_at, expected_at, expected_value, template_id, state, state_at, planned_at,
      due_at, useful_until, window_from, window_until)
    select
      d.message_id, d.user_id, d.channel, k.purpose, k.message_class, k.obeys_caps, k.counts, v_campaign.kind, p_campaign_id, v_run_id, d.occurrence,
      d.service_id, a.add_on_ids, s.suggested_at, d.expected_at, d.expected_value, d.template_id,
      case when d.held_out then 'ghost' else 'scheduled' end, p_at, p_at,
      d.due_at, d.useful_until, v_campaign.window_from, v_campaign.window_until
    from decided d
    join policy.message_class k on k.message_class = 'reminder'
    cross join lateral smartengage.likely_add_ons(d.user_id, d.service_id, p_at) a
    cross join lateral smartengage.suggested_time(d.user_id, d.service_id, d.expected_at, p_at) s
    where d.refusal is null
    returning channel, state, due_at
  ),
  woken as (
    select outreach.wake(m.channel, array_agg(m.due_at)) from message m where m.state = 'scheduled' group by m.channel
  )
  insert into smartengage.candidate
    (run_id, user_id, service_id, occurrence, segment, p14, expected_at, outcome, message_id, reason, rule, rule_version)
  select
    v_run_id, d.user_id, d.service_id, d.occurrence, d.segment, d.p14, d.expected_at,
    case when d.refusal is not null then 'refused' when d.held_out then 'ghost' else 'message' end,
    case when d.refusal is null then d.message_id end,
    d.refusal, g.rule,
    case when d.refusal = 'capped' then d.cap_version
         when d.refusal is not null then v.version end
  from decided d
  left join lateral (
    select case d.refusal
      when 'flag_off' then 'campaign'
      when 'not_in_canary' then 'campaign'
      when 'person_inactive' then 'person_active'
      when 'already_reminded' then 'reminder.once'
      when 'global_control' then 'holdout.global_share'
      when 'no_consent' then 'consent'
      when 'no_address' then 'contact'
      when 'suppressed' then 'contact'
      when 'no_text' then 'approved_text'
      when 'another_service_first' then 'reminder.one_service'
      when 'no_cap' then 'cap'
      when 'capped' then d.cap
      when 'no_time_left' then 'quiet_period'
    end as rule
  ) g on true
  left join policy.rule v on v.rule = g.rule and v.valid_at @> p_at
  where (select count(*) from woken) >= 0;

  perform queue.enqueue('compose', jsonb_build_object('run_id', v_run_id), p_at, 5, 'compose/' || v_run_id);
  return smartengage.run_summary(v_run_id) || '{"already": false}';
end;
$$;

comment on function smartengage.plan(uuid, text, timestamptz) is
$$Plans a run of a campaign: one statement finds everybody due and gives each exactly one outcome: a message at the person's best hour, a ghost (holdout), or a refusal with rule and version.
Reads smartengage.profile, so smartengage.refresh comes first. Makes the wake-ups and the compose job in the same transaction.
Result: {run_id, campaign_id, candidates, messages, ghosts, refused, already}. Repeatable: the same trigger key plans once; the same (campaign, person, occurrence) exists once.
Errors: SH404 no such campaign, SH409 it is not running.$$;
