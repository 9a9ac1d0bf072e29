-- The wall-clock instant at which clock.now() is p_at, as pgqueuer defers jobs by the wall clock.
create or replace function clock.wall_clock_at(p_at timestamptz)
returns timestamptz
language sql stable parallel safe
return p_at;
