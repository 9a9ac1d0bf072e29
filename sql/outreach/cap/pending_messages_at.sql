create or replace function outreach.pending_messages_at(p_user_id uuid, p_at timestamptz)
returns setof outreach.message
language sql stable parallel safe
begin atomic
  select m.*
  from outreach.message m
  where m.user_id = p_user_id
    and m.planned_at <= p_at
    and m.state <> 'ghost'
    and (m.state = 'scheduled' or m.state_at > p_at)
    and not exists (
      select
      from outreach.delivery d
      where d.message_id = m.message_id
        and d.sent_at <= p_at
        and d.state <> 'released');
end;

comment on function outreach.pending_messages_at(uuid, timestamptz) is
$$The messages of a person that were planned by p_at and neither sent nor ended by then, as they are now.
Earlier values of due_at and template_id are not recorded.$$;
