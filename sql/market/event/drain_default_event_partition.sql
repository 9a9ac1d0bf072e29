create or replace function market.drain_default_event_partition(p_at timestamptz)
returns int
language plpgsql volatile parallel unsafe
set search_path = ''
as $$
declare
  v_month timestamp;
  v_name text;
  v_moved int;
  v_sum int := 0;
begin
  if not exists (select from market.app_event_default) then
    return 0;
  end if;
  -- Writers wait from here on; there are few rows to move, as partitions are made ahead.
  lock table market.app_event in share row exclusive mode;
  for v_month in
    select distinct date_trunc('month', e.happened_at at time zone 'UTC') from market.app_event_default e order by 1
  loop
    v_name := 'app_event_' || to_char(v_month, 'YYYY_MM');
    execute format('create table market.%I (like market.app_event including defaults)', v_name);
    execute format(
      $sql$
      with moved as (
        delete from market.app_event_default e
        where e.happened_at >= %L and e.happened_at < %L
        returning e.*)
      insert into market.%I select * from moved
      $sql$, v_month at time zone 'UTC', (v_month + interval '1 month') at time zone 'UTC', v_name);
    get diagnostics v_moved = row_count;
    v_sum := v_sum + v_moved;
    execute format(
      'alter table market.app_event attach partition market.%I for values from (%L) to (%L)',
      v_name, v_month at time zone 'UTC', (v_month + interval '1 month') at time zone 'UTC');
  end loop;
  return v_sum;
end;
$$;

comment on function market.drain_default_event_partition(timestamptz) is
$$Moves events that came for months without a partition out of the default partition, each month into a partition of its own.
Result: how many rows were moved; more than 0 tells that partitions were not made ahead, or that phones tell of long ago. Repeatable.$$;
