create or replace function jobs.record_listener_heartbeat(p_listener_id uuid)
returns jsonb
language sql volatile parallel unsafe
security definer
set search_path = ''
begin atomic
  delete from queue.listener l
  where l.heartbeat_at < now() - interval '1 day';
  insert into queue.listener (listener_id, heartbeat_at)
  values (p_listener_id, now())
  on conflict (listener_id) do update
    set heartbeat_at = excluded.heartbeat_at;
  select jsonb_build_object('heartbeat_at', now());
end;

comment on function jobs.record_listener_heartbeat(uuid) is
$$Notes that a notification has just come back to this worker on the connection that listens; forgets processes silent for a day.
Result: {heartbeat_at}, by the wall clock as pgqueuer's own times. Repeatable.$$;
