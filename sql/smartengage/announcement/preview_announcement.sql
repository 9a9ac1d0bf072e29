create or replace function smartengage.preview_announcement(p_campaign_id uuid, p_at timestamptz)
returns jsonb
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_announcement smartengage.announcement;
  v_channels text[];
  v_samples uuid[];
  v_result jsonb;
  v_run_id uuid;
begin
  select c.channels into v_channels from smartengage.campaign c where c.campaign_id = p_campaign_id;
  select a.* into v_announcement from smartengage.announcement a where a.campaign_id = p_campaign_id;

  with decided as materialized (
    select d.user_id, d.channel, d.template_id, d.outcome, d.reason, d.rule, d.rule_version
    from smartengage.announcement_decisions(
      p_campaign_id, smartengage.announcement_recipients(p_campaign_id), 'announcement', v_announcement.template_id, v_channels,
      case when v_announcement.exempt_reason is null then 'announcement' else 'urgent' end,
      v_announcement.exempt_reason is not null, p_at) d
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
    raise exception 'A candidate cannot be assigned, so nothing would be sent' using errcode = 'internal_error';
  end if;

  -- The texts come from a real run, planned for one recipient of each text and channel.
  v_run_id := smartengage.plan_announcement_run(
    p_campaign_id, 'preview', v_samples, 'announcement', v_announcement.template_id, v_announcement.service_id,
    v_channels, v_announcement.exempt_reason, v_announcement.exempt_reason is not null, p_at) ->> 'run_id';
  return v_result || jsonb_build_object('texts', smartengage.sample_texts(v_run_id));
end;
$$;

comment on function smartengage.preview_announcement(uuid, timestamptz) is
$$What planning a bulk send decides now: outcomes by smartengage.announcement_decisions, and one sample of each text.
The caller must roll back, as the samples come from messages created for one recipient of each text.
Decides for all recipients in one statement, and writes only the samples.
Result: {candidates, messages, ghosts, refused, refusals: {reason: n}, refused_people: at most 200 of
[{user_id, reason, rule, rule_version}], texts: [{channel, language, subject, body}]}.
Errors: internal_error a candidate cannot be assigned.$$;
