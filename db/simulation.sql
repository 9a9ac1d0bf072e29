-- The simulated clock: clock.now() and clock.wall_clock_at() follow a setting, in place of sql/clock/. Idempotent.
create table if not exists clock.simulation (
  singleton boolean primary key default true,
  sim_start timestamptz not null,
  real_start timestamptz not null,
  speed double precision not null,
  constraint simulation_is_one_row check (singleton),
  constraint simulation_speed_is_not_negative check (speed >= 0)
);
comment on table clock.simulation is
  'One row: at the real instant real_start the simulated time was sim_start; it has run at speed since (0: it stands still).';

insert into clock.simulation (sim_start, real_start, speed)
values (now(), now(), 1)
on conflict do nothing;

-- From now(), the start of the transaction, as in production: one instant for the whole transaction. Security definer, so
-- that callers need no privilege on the setting.
create or replace function clock.now()
returns timestamptz
language sql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
return (select s.sim_start + (pg_catalog.now() - s.real_start) * s.speed from clock.simulation s);

-- While time stands still, jobs that are due run at once, and later ones never.
create or replace function clock.wall_clock_at(p_at timestamptz)
returns timestamptz
language sql stable parallel safe
security definer
set search_path = pg_catalog, pg_temp
return (
  select case
    when p_at is null then null
    when s.speed > 0 then s.real_start + (p_at - s.sim_start) / s.speed
    when p_at <= s.sim_start then pg_catalog.now()
    else timestamptz '9000-01-01 00:00+00'
  end
  from clock.simulation s
);
