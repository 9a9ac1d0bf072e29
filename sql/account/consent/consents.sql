create or replace function account.consents(p_user_id uuid, p_at timestamptz)
returns jsonb
language sql stable parallel safe
begin atomic
  select coalesce(jsonb_agg(jsonb_build_object(
    'channel', w.channel, 'purpose', w.purpose, 'granted', c.user_id is not null,
    'since', lower(c.valid_at), 'wording_version', c.wording_version) order by w.purpose, w.channel), '[]')
  from account.person p
  cross join lateral account.consent_choices(p.role) w
  left join account.consent c
    on c.user_id = p.user_id
   and c.channel = w.channel
   and c.purpose = w.purpose
   -- Open end instead of valid_at @> p_at: another transaction may have granted it at a later instant.
   and upper_inf(c.valid_at)
  where p.user_id = p_user_id;
end;

comment on function account.consents(uuid, timestamptz) is
$$The consents that a person can give, with those in force, as JSON.
Result: [{channel, purpose, granted, since, wording_version}]; the last two are null if not granted.$$;
