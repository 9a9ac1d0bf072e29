create or replace function smartengage.replay_first_due(p_message_id uuid)
returns timestamptz
language sql stable parallel safe
return (
  -- It only ever becomes later.
  select min(x.due_at)
  from (
    select d.due_at from outreach.decision d where d.message_id = p_message_id
    union all
    select d.due_at from outreach.delivery d where d.message_id = p_message_id
    union all
    select m.due_at from outreach.message m where m.message_id = p_message_id
  ) x);

comment on function smartengage.replay_first_due(uuid) is
$$When a message was due as it was planned, from the records of what became of it.$$;
