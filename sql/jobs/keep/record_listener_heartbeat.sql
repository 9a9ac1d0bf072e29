create or replace function jobs.record_listener_heartbeat(p_listener_id uuid)
returns jsonb
language sql volatile parallel unsafe
security definer
set search_path = ''
begin atomic
  delete from queue.listener l
  where l.heard_at < now() - interval '1 day';
  insert into queue.listener (listener_id, heard_at)
  values (p_listener_id, now())
  on conflict (listener_id) do update
    set heard_at = excluded.heard_at;
  select jsonb_build_object('heard_at', now());
end;

comment on function jobs.record_listener_heartbeat(uuid) is
$$Notes that a notification has just come back to this worker on the connection that listens; forgets processes silent for a day.
Result: {heard_at}, by the wall clock as pgqueuer's own times. Repeatable.$$;
