create or replace function account.consent_choices(p_role text)
returns table (channel text, purpose text)
language sql immutable parallel safe
begin atomic
  select c.channel, p.purpose
  from unnest(array['email', 'sms', 'whatsapp', 'push', 'in_app']) as c (channel)
  cross join unnest(case p_role
    when 'customer' then array['outreach']
    when 'worker' then array['coaching', 'voice']
    else '{}' end) as p (purpose);
end;

comment on function account.consent_choices(text) is
$$Channels and purposes that a person of a role can consent to; none for admins.
Transactional messages need no consent and are not included.$$;
