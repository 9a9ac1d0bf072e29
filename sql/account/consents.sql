create or replace function account.consents(p_user_id uuid, p_channel text, p_purpose text, p_at timestamptz)
returns boolean
language sql stable parallel safe
begin atomic
  select exists (
    select
    from account.consent c
    where c.user_id = p_user_id
      and c.channel = p_channel
      and c.purpose = p_purpose
      and c.valid_at @> p_at);
end;

comment on function account.consents(uuid, text, text, timestamptz) is
$$Whether a person consents to a channel and purpose at an instant.$$;
