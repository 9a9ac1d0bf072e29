create or replace function api.give_feedback(p_actor uuid, p_message_id uuid, p_useful boolean)
returns jsonb
language plpgsql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_person account.person := account.authenticate(p_actor, 'customer', clock.now());
begin
  perform outreach.give_feedback(v_person.user_id, p_message_id, p_useful, clock.now());
  return jsonb_build_object('message_id', p_message_id, 'useful', p_useful);
end;
$$;

comment on function api.give_feedback(uuid, uuid, boolean) is
$$Says whether a message was useful.
The last answer counts. Repeatable.
Errors: SH401 the session has ended; SH403 another role; SH404 no such message was sent to the caller.$$;
