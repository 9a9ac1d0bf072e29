create or replace function outreach.pending_messages(p_user_id uuid, p_at timestamptz, p_without_hindsight boolean)
returns setof outreach.message
language sql stable parallel safe
begin atomic
  select m.*
  from outreach.message m
  where not p_without_hindsight
    and m.user_id = p_user_id
    and m.state = 'scheduled'
  union all
  select m.*
  from outreach.pending_messages_at(p_user_id, p_at) m
  where p_without_hindsight;
end;

comment on function outreach.pending_messages(uuid, timestamptz, boolean) is
$$The pending messages of a person: those now in state scheduled, or with p_without_hindsight those pending at p_at.
The claim and planning ask for the first, explanations for the second (outreach.pending_messages_at).$$;
