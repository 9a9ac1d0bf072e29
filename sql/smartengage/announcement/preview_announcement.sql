create or replace function smartengage.preview_announcement(p_campaign_id uuid, p_at timestamptz)
returns jsonb
language plpgsql volatile parallel unsafe
set search_path = ''
as $$
declare
  v_asked smartengage.announcement;
  v_channels text[];
  v_samples uuid[];
  v_result jsonb;
  v_run_id uuid;
begin
  select c.channels into v_channels from smartengage.campaign c where c.campaign_id = p_campaign_id;
  select a.* into v_asked from smartengage.announcement a where a.campaign_id = p_campaign_id;

  with decided as materialized (
    select d.user_id, d.channel, d.template_id, d.outcome, d.reason, d.rule, d.rule_version
    from smartengage.announcement_decisions(
      p_campaign_id, smartengage.announcement_recipients(p_campaign_id), 'announcement', v_asked.template_id, v_channels,
      case when v_asked.exempt_reason is null then 'announcement' else 'urgent' end, v_asked.exempt_reason is not null, p_at) d
  )
  select
    jsonb_build_object(
      'candidates', count(*),
      'messages', count(*) filter (where d.outcome = 'message'),
      'ghosts', count(*) filter (where d.outcome = 'ghost'),
      'refused', count(*) filter (where d.outcome = 'refused'),
      'refusals', coalesce((
        select jsonb_object_agg(r.reason, r.n order by r.n desc)
        from (select x.reason, count(*) as n from decided x where x.outcome = 'refused' group by x.reason) r), '{}'),
      'refused_people', coalesce((
        select jsonb_agg(to_jsonb(p) order by p.user_id)
        from (
          select x.user_id, x.reason, x.rule, x.rule_version
          from decided x
          where x.outcome = 'refused'
          order by x.user_id
          limit 200
        ) p), '[]')),
    (
      select array_agg(s.user_id)
      from (
        select distinct on (x.channel, x.template_id) x.user_id
        from decided x
        where x.outcome <> 'refused'
        order by x.channel, x.template_id, x.user_id
      ) s)
  into v_result, v_samples
  from decided d;

  if (v_result ->> 'candidates')::int
     <> (v_result ->> 'messages')::int + (v_result ->> 'ghosts')::int + (v_result ->> 'refused')::int then
    raise exception 'Somebody cannot be assigned, so nothing would be sent' using errcode = 'internal_error';
  end if;

  -- The texts are those of the act itself, done for one reader of each.
  v_run_id := smartengage.plan_announcement_run(
    p_campaign_id, 'preview', v_samples, 'announcement', v_asked.template_id, v_asked.service_id,
    v_channels, v_asked.exempt_reason, v_asked.exempt_reason is not null, p_at) ->> 'run_id';
  return v_result || jsonb_build_object('texts', smartengage.sample_texts(v_run_id));
end;
$$;

comment on function smartengage.preview_announcement(uuid, timestamptz) is
$$What a bulk send not planned yet would do now: its outcomes by smartengage.announcement_decisions, which its planning carries out, and its texts, one of each. The caller undoes it, as the texts come from messages made for one reader of each.
It looks at everybody the send is for, set-based, and writes next to nothing.
Result: {candidates, messages, ghosts, refused, refusals: {reason: n}, refused_people: at most 200 of [{user_id, reason, rule, rule_version}], texts: [{channel, language, subject, body}]}. Errors: internal_error somebody cannot be assigned.$$;
