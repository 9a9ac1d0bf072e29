create or replace function text.template_faults(
  p_kind text, p_language text, p_form text, p_subject text, p_body text, p_add_on_line text)
returns text[]
language sql stable parallel safe
begin atomic
  select coalesce(array_agg(f.fault order by f.position), '{}')
  from (
    select u.fault, min(u.position) as position
    from unnest(case p_form when 'long' then array['email'] when 'short' then array['push', 'sms'] else array[null] end)
      as c (channel)
    cross join unnest(text.faults_on_channel(p_kind, p_language, c.channel, p_subject, p_body, p_add_on_line))
      with ordinality as u (fault, position)
    group by u.fault
  ) f;
end;

comment on function text.template_faults(text, text, text, text, text, text) is
$$text.faults_on_channel for a form of template, long or short, instead of a channel.
A short one must fit every channel that carries it; push and SMS are the narrowest. Result: empty = acceptable.
Fault channel_unknown if the form is unknown.$$;
