create or replace function market.drain_default_event_partition(p_at timestamptz)
returns int
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_month timestamp;
  v_name text;
  v_moved int;
  v_total int := 0;
begin
  if not exists (select from market.app_event_default) then
    return 0;
  end if;
  -- Blocks writers; short, as partitions are made ahead and few rows are in the default one.
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
    v_total := v_total + v_moved;
    execute format(
      'alter table market.app_event attach partition market.%I for values from (%L) to (%L)',
      v_name, v_month at time zone 'UTC', (v_month + interval '1 month') at time zone 'UTC');
  end loop;
  return v_total;
end;
$$;

comment on function market.drain_default_event_partition(timestamptz) is
$$Moves rows of market.app_event out of the default partition, into a new partition for each month (UTC).
Result: rows moved. More than 0 means that partitions were not made ahead, or that phones sent old events. Repeatable.$$;
