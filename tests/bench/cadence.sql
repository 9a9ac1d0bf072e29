-- A log in a table cadence_bench.bookings (customer_id text, service_id text, ts timestamp, local time) is scored through the
-- product's own function. Run this file once, in a database made for it; then per day:
--   select customer_id, service_id, p7, p14, p28, next_date from cadence_bench.scored(:as_of)
-- Rows of the day itself count as known: the prediction is made at the midnight that ends it.

create schema if not exists cadence_bench;

create or replace function cadence_bench.fill() returns void
language plpgsql volatile
as $$
begin
  if exists (select from market.booking b where b.external_id is null or not starts_with(b.external_id, 'cadence ')) then
    raise exception 'this database holds bookings of its own; the benchmark wants an empty one';
  end if;
  truncate market.booking cascade;
  delete from prediction.fitted_model;
  insert into account.person (user_id, role, created_at)
  select distinct md5('customer ' || b.customer_id)::uuid, 'customer', timestamptz '1990-01-01 00:00+00'
    from cadence_bench.bookings b
      on conflict do nothing;
  insert into market.service (service_id, code, category, name_bn, name_en, price_poisha, duration_minutes)
  select distinct on (b.service_id)
         md5('service ' || b.service_id)::uuid, 'cadence ' || b.service_id, 'cadence', b.service_id, b.service_id, 0, 60
    from cadence_bench.bookings b
      on conflict do nothing;
  insert into market.booking (external_id, customer_id, service_id, status, source, created_at, scheduled_at, ends_at,
                              completed_at, price_poisha)
  select 'cadence ' || row_number() over (), md5('customer ' || b.customer_id)::uuid, md5('service ' || b.service_id)::uuid,
         'completed', 'import', l.at, l.at, l.at + interval '1 hour', l.at, 0
    from cadence_bench.bookings b
   cross join lateral (select b.ts at time zone policy.default_zone() as at) l;
  analyze market.booking;
end
$$;

create or replace function cadence_bench.scored(p_day date)
  returns table (customer_id text, service_id text, p7 double precision, p14 double precision, p28 double precision, next_date date)
language plpgsql volatile
as $$
begin
  perform cadence_bench.fill();
  return query
  with name as materialized (
    select distinct b.customer_id, b.service_id, md5('customer ' || b.customer_id)::uuid as customer,
      md5('service ' || b.service_id)::uuid as service
      from cadence_bench.bookings b)
  select n.customer_id, n.service_id, s.p7, s.p14, s.p28, (s.expected_at at time zone policy.default_zone())::date
    from prediction.score((p_day + 1)::timestamp at time zone policy.default_zone()) s
    join name n on n.customer = s.customer_id and n.service = s.service_id;
end
$$;
