create or replace function smartengage.score(p_at timestamptz)
  returns table (
    customer_id uuid, service_id uuid, p7 double precision, p14 double precision, p28 double precision,
    expected_at timestamptz, visits int, last_visit_at timestamptz, due_from timestamptz, due_until timestamptz,
    overdue_at timestamptz, lost_at timestamptz)
language sql stable parallel safe
begin atomic
  with state as materialized (
    select p.customer_id, p.service_id, p.visits, p.last_at, p.center, p.day, h.cumulative as c,
           greatest((select smartengage.today(p_at)) - p.day, 0)::double precision as u
      from smartengage.pulse(p_at) p
      join smartengage.hazard(p_at) h using (class)
     where p.next_day is null),
  phase as (
    select s.*,
           least(greatest(asinh((ln(greatest(s.u, 0.25)) - s.center) / 0.15) / 0.2 + 25, 0), 49.999) as x0,
           least(greatest(asinh((ln(s.u + 7) - s.center) / 0.15) / 0.2 + 25, 0), 49.999) as x7,
           least(greatest(asinh((ln(s.u + 14) - s.center) / 0.15) / 0.2 + 25, 0), 49.999) as x14,
           least(greatest(asinh((ln(s.u + 28) - s.center) / 0.15) / 0.2 + 25, 0), 49.999) as x28,
           least(greatest(asinh((ln(s.u + greatest(60, 1.5 * exp(s.center))) - s.center) / 0.15) / 0.2 + 25, 0), 49.999) as x_end,
           least(greatest(asinh((ln(greatest(60, 3 * exp(s.center))) - s.center) / 0.15) / 0.2 + 25, 0), 49.999) as x_far
      from state s),
  hazard as (
    select p.*,
           c[floor(x0)::int + 1] + (x0 - floor(x0)) * (c[floor(x0)::int + 2] - c[floor(x0)::int + 1]) as h0,
           c[floor(x7)::int + 1] + (x7 - floor(x7)) * (c[floor(x7)::int + 2] - c[floor(x7)::int + 1]) as h7,
           c[floor(x14)::int + 1] + (x14 - floor(x14)) * (c[floor(x14)::int + 2] - c[floor(x14)::int + 1]) as h14,
           c[floor(x28)::int + 1] + (x28 - floor(x28)) * (c[floor(x28)::int + 2] - c[floor(x28)::int + 1]) as h28,
           c[floor(x_end)::int + 1] + (x_end - floor(x_end)) * (c[floor(x_end)::int + 2] - c[floor(x_end)::int + 1]) as h_end,
           c[floor(x_far)::int + 1] + (x_far - floor(x_far)) * (c[floor(x_far)::int + 2] - c[floor(x_far)::int + 1]) as h_far
      from phase p),
  target as (
    select h.*, q.name, greatest(q.base - ln(1 - q.q * (1 - exp(q.base - q.until))), q.base) as target
      from hazard h
     cross join lateral (values ('e', 0.5::double precision, h.h0, h.h_end), ('f', 0.1, h.h0, h.h_end), ('u', 0.9, h.h0, h.h_end),
                                ('o', 0.8, 0, h.h_far), ('l', 0.975, 0, h.h_far)) as q(name, q, base, until)),
  place as (
    select t.*, least(greatest(width_bucket(t.target, t.c), 1), 50) as i
      from target t),
  quantile as (
    select p.*,
           least(case when p.name in ('o', 'l') then 0 else p.u end + greatest(60, case when p.name in ('o', 'l') then 3 else 1.5 end * exp(p.center)),
                 exp(p.center + 0.15 * sinh((p.i - 26 + least(greatest((p.target - p.c[p.i]) / nullif(p.c[p.i + 1] - p.c[p.i], 0), 0), 1)) * 0.2::double precision))) as days
      from place p),
  wide as (
    select q.customer_id, q.service_id, q.visits, q.last_at, q.day, q.h0, q.h7, q.h14, q.h28, q.u,
           max(q.days) filter (where q.name = 'e') as e,
           max(q.days) filter (where q.name = 'f') as f,
           max(q.days) filter (where q.name = 'u') as t,
           max(q.days) filter (where q.name = 'o') as o,
           max(q.days) filter (where q.name = 'l') as l
      from quantile q
     group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)
  select w.customer_id, w.service_id,
         least(greatest(1 - exp(w.h0 - w.h7), 0.0001), 0.9997),
         least(greatest(1 - exp(w.h0 - w.h14), 0.0001), 0.9998),
         least(greatest(1 - exp(w.h0 - w.h28), 0.0001), 0.9999),
         greatest((w.day + 1)::timestamp at time zone (select policy.default_zone()) + w.e * interval '1 day', p_at + interval '1 hour'),
         w.visits::int,
         w.last_at,
         greatest((w.day + 1)::timestamp at time zone (select policy.default_zone()) + w.f * interval '1 day', p_at),
         greatest((w.day + 1)::timestamp at time zone (select policy.default_zone()) + w.t * interval '1 day', p_at + interval '2 hours'),
         (w.day + 1)::timestamp at time zone (select policy.default_zone()) + w.o * interval '1 day',
         (w.day + 1)::timestamp at time zone (select policy.default_zone()) + greatest(w.l, w.o + 1) * interval '1 day'
    from wide w;
end;

comment on function smartengage.score(timestamptz) is
  'Prediction of the next booking per customer and service with at least two visits before p_at: p7, p14, p28 = probability of a visit '
  'within 7, 14, 28 days; expected_at = its median if the person comes back; due_from, due_until = its central 80 %; '
  'overdue_at, lost_at = 80th and 97.5th percentile counted from the last visit. Uses nothing at or after p_at.';
