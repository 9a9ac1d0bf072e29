create or replace function account.consent_at(p_user_id uuid, p_channel text, p_purpose text, p_at timestamptz)
returns table (valid_at tstzrange)
language sql stable parallel safe
begin atomic
  select c.valid_at
  from account.consent c
  where c.user_id = p_user_id
    and c.channel = p_channel
    and c.purpose = p_purpose
    and c.valid_at @> p_at;
end;

comment on function account.consent_at(uuid, text, text, timestamptz) is
$$The validity of a person's consent to a channel and purpose that covers an instant: one row or none.
A set-returning function, so that exists (select from account.consent_at(...)) is inlined into the calling query.$$;
