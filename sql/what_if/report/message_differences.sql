create or replace function what_if.message_differences(p_from timestamptz, p_until timestamptz, p_changes jsonb, p_at timestamptz)
returns table (
  user_id uuid, message_id uuid, segment text, change text, before_at timestamptz, after_at timestamptz, reason text,
  was_capped int, bookings int)
language plpgsql stable parallel restricted
set search_path = ''
-- Whatever the planner thinks it saves: all processors that may be used are.
set parallel_setup_cost = 0
set parallel_tuple_cost = 0
as $$
declare
  v_edge uuid[];
begin
  perform what_if.check_changes(p_from, p_until, p_changes, p_at);
  v_edge := what_if.part_bounds();
  -- Eighths of the people, each worked on by the next process that is free.
  return query
  select * from what_if.message_differences_of_part(p_from, p_until, p_changes, v_edge[1], v_edge[2])
  union all
  select * from what_if.message_differences_of_part(p_from, p_until, p_changes, v_edge[2], v_edge[3])
  union all
  select * from what_if.message_differences_of_part(p_from, p_until, p_changes, v_edge[3], v_edge[4])
  union all
  select * from what_if.message_differences_of_part(p_from, p_until, p_changes, v_edge[4], v_edge[5])
  union all
  select * from what_if.message_differences_of_part(p_from, p_until, p_changes, v_edge[5], v_edge[6])
  union all
  select * from what_if.message_differences_of_part(p_from, p_until, p_changes, v_edge[6], v_edge[7])
  union all
  select * from what_if.message_differences_of_part(p_from, p_until, p_changes, v_edge[7], v_edge[8])
  union all
  select * from what_if.message_differences_of_part(p_from, p_until, p_changes, v_edge[8], v_edge[9]);
end;
$$;

comment on function what_if.message_differences(timestamptz, timestamptz, jsonb, timestamptz) is
$$What differs between history and its replay (what_if.replay_history): a row per message. change: no_longer (was sent, would not be: reason), newly (was not sent), later, earlier. was_capped: refusals at planning that it would have spared. bookings: credited to it and at risk, as it would not have come, or only after them.
Errors: SH422 from what_if.check_changes.$$;
