create or replace function jobs.sample_messages(p_run_id uuid, p_limit int)
returns jsonb
language sql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
begin atomic
  select jsonb_build_object('messages', coalesce(jsonb_agg(jsonb_build_object(
    'message_id', x.message_id, 'language', x.language, 'subject', x.subject, 'body', x.body)), '[]'))
  from (
    -- One message of each template first, so that three samples are three texts.
    select
      m.message_id, t.language, d.subject,
      coalesce(replace(d.body, text.display_name(p.full_name), '•••'), d.body) as body
    from outreach.message m
    join outreach.delivery d on d.message_id = m.message_id and d.attempt = m.attempt and d.state = 'accepted'
    join text.template t on t.template_id = d.template_id
    join account.person p on p.user_id = m.user_id
    where m.run_id = p_run_id
    order by
      t.language,
      row_number() over (partition by d.template_id order by cardinality(m.add_on_ids) desc, m.message_id),
      md5(m.message_id::text)
    limit p_limit
  ) x;
end;

comment on function jobs.sample_messages(uuid, int) is
$$Sample messages of a run as they were sent, Bengali first; names are masked, links are {link} and {stop_link}.
Result: {messages: [{message_id, language, subject, body}]}.$$;
