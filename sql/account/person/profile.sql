create or replace function account.profile(p_user_id uuid)
returns jsonb
language sql stable parallel safe
begin atomic
  select jsonb_build_object(
    'user_id', p.user_id, 'role', p.role, 'name', p.full_name, 'language', p.language,
    'address_form', p.address_form, 'greeting', p.greeting, 'time_zone', p.time_zone,
    'quiet_from', to_char(p.quiet_from, 'HH24:MI'), 'quiet_until', to_char(p.quiet_until, 'HH24:MI'),
    'preferred_channel', p.preferred_channel, 'created_at', p.created_at,
    'contacts', coalesce((
      select jsonb_agg(jsonb_build_object(
        'channel', c.channel, 'address', c.address, 'verified', c.verified_at is not null,
        'suppressed', c.suppressed_at is not null) order by c.channel)
      from account.contact c
      where c.user_id = p.user_id), '[]'))
  from account.person p
  where p.user_id = p_user_id;
end;

comment on function account.profile(uuid) is
$$The profile of a person as they see it, with contacts, as JSON.
quiet_from and quiet_until: local times, HH:MM; null = no quiet hours of their own. time_zone: null = the default zone.$$;
