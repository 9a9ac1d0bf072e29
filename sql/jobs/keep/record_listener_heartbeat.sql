create or replace function jobs.record_listener_heartbeat(p_listener_id uuid)
returns jsonb
language sql volatile parallel unsafe
security definer
set search_path = pg_catalog, pg_temp
begin atomic
  select queue.record_listener_heartbeat(p_listener_id, now());
  select jsonb_build_object('heartbeat_at', now());
end;

comment on function jobs.record_listener_heartbeat(uuid) is
$$Records that the listening connection of this worker process received its own notification.
Result: {heartbeat_at}, by the wall clock. Repeatable.$$;
