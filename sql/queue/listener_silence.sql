create or replace function queue.listener_silence(p_at timestamptz)
returns interval
language sql stable parallel safe
-- min(greatest()), not greatest(min()): greatest() ignores null, and without a row the result must be null.
return (select min(greatest(p_at - l.heartbeat_at, interval '0')) from queue.listener l);

comment on function queue.listener_silence(timestamptz) is
$$Time since the last heartbeat of any listener at p_at (wall clock), at least 0; null = there was none.$$;
