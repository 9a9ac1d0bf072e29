create or replace function text.length_faults(p_channel text, p_subject text, p_body text, p_add_on_line text, p_at timestamptz)
returns text[]
language sql stable parallel safe
begin atomic
  select coalesce(array_agg(f.fault), '{}')
  from (
    select 'subject_empty'
    where coalesce(p_subject, '') !~ '\S'
    union all
    select 'body_empty'
    where coalesce(p_body, '') !~ '\S'
    union all
    select 'subject_chars:' || char_length(p_subject)
    where char_length(p_subject) > policy.number('text.subject_chars', p_at)
    union all
    select 'body_chars:' || char_length(p_body) + coalesce(char_length(p_add_on_line), 0)
    where char_length(p_body) + coalesce(char_length(p_add_on_line), 0)
      > policy.number(case p_channel when 'push' then 'text.push_chars' else 'text.body_chars' end, p_at)
    union all
    select 'sms_parts:' || s.segments
    from (
      -- With values of typical length: the names of the placeholders have other lengths.
      select text.sms_segments(text.fill_placeholders(
        p_body,
        jsonb_build_object(
          'address', repeat('ক', 22), 'service', repeat('ক', 16), 'date', repeat('ক', 20),
          'link', repeat('x', 48), 'stop_link', repeat('x', 48),
          'add_on_line', text.fill_placeholders(
            p_add_on_line, jsonb_build_object('service', repeat('ক', 16), 'add_on', repeat('ক', 16)))))) as segments
    ) s
    where p_channel = 'sms'
      and s.segments > policy.number('text.sms_parts', p_at)
    union all
    select 'channel_unknown:' || coalesce(p_channel, '')
    where p_channel is null
      or p_channel not in ('email', 'sms', 'whatsapp', 'push', 'in_app')
  ) as f (fault);
end;

comment on function text.length_faults(text, text, text, text, timestamptz) is
$$What of a template is empty or too long for its channel.
Faults: subject_empty, body_empty, subject_chars:61, body_chars:701, sms_parts:5 (segments, with typical values), channel_unknown.
Limits: rules text.subject_chars, text.body_chars, text.push_chars and text.sms_parts in force at p_at. Result: empty if it fits.$$;
