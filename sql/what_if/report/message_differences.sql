create or replace function what_if.message_differences(p_from timestamptz, p_until timestamptz, p_tried what_if.tried_policy)
returns table (
  user_id uuid, message_id uuid, segment text, difference text, before_at timestamptz, after_at timestamptz, reason text,
  bookings int)
language plpgsql stable parallel restricted
set search_path = pg_catalog, pg_temp
-- All processors that may be used are, whatever the planner expects to save.
set parallel_setup_cost = 0
set parallel_tuple_cost = 0
as $$
declare
  v_edge constant uuid[] := what_if.part_bounds();
begin
  -- Eight parts of the people, each taken by the next process that is free.
  return query
  select * from what_if.message_differences_of_part(p_from, p_until, p_tried, v_edge[1], v_edge[2])
  union all
  select * from what_if.message_differences_of_part(p_from, p_until, p_tried, v_edge[2], v_edge[3])
  union all
  select * from what_if.message_differences_of_part(p_from, p_until, p_tried, v_edge[3], v_edge[4])
  union all
  select * from what_if.message_differences_of_part(p_from, p_until, p_tried, v_edge[4], v_edge[5])
  union all
  select * from what_if.message_differences_of_part(p_from, p_until, p_tried, v_edge[5], v_edge[6])
  union all
  select * from what_if.message_differences_of_part(p_from, p_until, p_tried, v_edge[6], v_edge[7])
  union all
  select * from what_if.message_differences_of_part(p_from, p_until, p_tried, v_edge[7], v_edge[8])
  union all
  select * from what_if.message_differences_of_part(p_from, p_until, p_tried, v_edge[8], v_edge[9]);
end;
$$;

comment on function what_if.message_differences(timestamptz, timestamptz, what_if.tried_policy) is
$$Differences between history and its replay (what_if.replay_history), one row per message.
difference: no_longer (was sent, would not be: reason), newly (was not sent), later, earlier. bookings: those credited to it that
are at risk, as it would not have come, or only after them.$$;
