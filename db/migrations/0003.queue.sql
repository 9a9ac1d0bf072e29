-- depends: 0002.pgqueuer-1.6

create table queue.listener (
  listener_id uuid primary key,
  heartbeat_at timestamptz not null
)
-- Every row is updated each few seconds: half a page stays free for that.
with (fillfactor = 50);
comment on table queue.listener is
  'A row for each worker process of late: when a notification of its own last came back to it through the database '
  '(jobs.record_listener_heartbeat). Not pgqueuer''s.';
comment on column queue.listener.listener_id is 'Drawn by the process at its start.';
comment on column queue.listener.heartbeat_at is 'By the wall clock, also where clock.now() is simulated.';
