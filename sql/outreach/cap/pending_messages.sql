create or replace function outreach.pending_messages(p_user_id uuid, p_at timestamptz, p_known_then boolean)
returns setof outreach.message
language sql stable parallel safe
begin atomic
  select m.*
  from outreach.message m
  where not p_known_then
    and m.user_id = p_user_id
    and m.state = 'scheduled'
  union all
  select m.*
  from outreach.pending_messages_at(p_user_id, p_at) m
  where p_known_then;
end;

comment on function outreach.pending_messages(uuid, timestamptz, boolean) is
$$The messages of a person that wait: those that do, or with p_known_then those that did at an instant (outreach.pending_messages_at). A claim or a plan asks for the first, an explanation for the second.$$;
