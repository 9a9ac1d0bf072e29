create or replace function market.make_event_partitions(p_at timestamptz)
returns int
language plpgsql volatile parallel unsafe
set search_path = pg_catalog, pg_temp
as $$
declare
  v_month date;
  v_name text;
  v_made int := 0;
begin
  for v_month in
    select m::date
    from generate_series(
      date_trunc('month', p_at at time zone 'UTC'),
      date_trunc('month', p_at at time zone 'UTC') + make_interval(months => policy.number('event.partitions_ahead', p_at)::int),
      interval '1 month') as m
  loop
    v_name := 'app_event_' || to_char(v_month, 'YYYY_MM');
    if to_regclass('market.' || v_name) is null
       -- Months with rows in the default partition are skipped: moving rows needs a table lock (see the draining function).
       and not exists (
         select
         from market.app_event_default e
         where e.happened_at >= v_month::timestamp at time zone 'UTC'
           and e.happened_at < (v_month + interval '1 month') at time zone 'UTC') then
      execute format(
        'create table market.%I partition of market.app_event for values from (%L) to (%L)',
        v_name, v_month::timestamp at time zone 'UTC', (v_month + interval '1 month') at time zone 'UTC');
      v_made := v_made + 1;
    end if;
  end loop;
  return v_made;
end;
$$;

comment on function market.make_event_partitions(timestamptz) is
$$Creates the missing monthly partitions (UTC) of market.app_event, up to event.partitions_ahead months after an instant.
Skips months that have rows in the default partition; market.drain_default_event_partition moves those.
Result: partitions created. Repeatable.$$;
