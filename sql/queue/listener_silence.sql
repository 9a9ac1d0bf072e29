create or replace function queue.listener_silence(p_at timestamptz)
returns interval
language sql stable parallel safe
-- The least of each, as greatest() passes over null: without a row there is nothing to answer.
return (select min(greatest(p_at - l.heard_at, interval '0')) from queue.listener l);

comment on function queue.listener_silence(timestamptz) is
$$How long at p_at (wall clock) no worker has proved that it hears the queue's notifications; null = none ever did.$$;
