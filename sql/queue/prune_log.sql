create or replace function queue.prune_log(p_before timestamptz)
returns int
language sql volatile parallel unsafe
begin atomic
  with pruned as (
    delete from queue.pgqueuer_log l
    where l.created < p_before
    returning 1
  )
  select count(*)::int from pruned;
end;

comment on function queue.prune_log(timestamptz) is
$$Deletes rows of pgqueuer's log created before an instant (wall clock); pgqueuer itself never does. Result: rows deleted.$$;
