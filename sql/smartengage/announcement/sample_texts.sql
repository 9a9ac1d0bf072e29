create or replace function smartengage.sample_texts(p_run_id uuid)
returns jsonb
language sql stable parallel safe
begin atomic
  select coalesce(jsonb_agg(jsonb_build_object(
    'channel', s.channel, 'language', r.language, 'subject', r.subject, 'body', r.body) order by r.language, s.channel), '[]')
  from (
    select distinct on (m.channel, m.template_id) m.channel, m.message_id
    from outreach.message m
    where m.run_id = p_run_id
    order by m.channel, m.template_id, m.message_id
  ) s
  cross join lateral outreach.rendered_message(s.message_id, '{link}', '{stop_link}') r;
end;

comment on function smartengage.sample_texts(uuid) is
$$Rendered samples of a run's messages, one per channel and template: [{channel, language, subject, body}].
Links are shown as {link} and {stop_link}.$$;
