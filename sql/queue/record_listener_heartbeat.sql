create or replace function queue.record_listener_heartbeat(p_listener_id uuid, p_at timestamptz)
returns void
language sql volatile parallel unsafe
begin atomic
  delete from queue.listener l
  where l.heartbeat_at < p_at - interval '1 day';
  insert into queue.listener (listener_id, heartbeat_at)
  values (p_listener_id, p_at)
  on conflict (listener_id) do update
    set heartbeat_at = excluded.heartbeat_at;
end;

comment on function queue.record_listener_heartbeat(uuid, timestamptz) is
$$Records that a listener received its own notification at p_at (wall clock); deletes listeners silent for a day. Repeatable.$$;
