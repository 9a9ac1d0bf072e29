-- Everything random is a hash of the seed and what it is drawn for, so the same arguments make the same marketplace.
-- Session settings: demo.seed, demo.customers, demo.workers, demo.months, demo.until (a local date, its whole day included).

create function pg_temp.draw(p_of text, p_what text) returns double precision
language sql stable parallel safe
return (hashtextextended(p_of || '/' || p_what, current_setting('demo.seed')::bigint) & 4503599627370495) / 4503599627370496.0::double precision;

-- A draw from the standard normal distribution (Box and Muller).
create function pg_temp.bell(p_of text, p_what text) returns double precision
language sql stable parallel safe
return sqrt(-2 * ln(1 - pg_temp.draw(p_of, p_what || '/r'))) * cos(2 * pi() * pg_temp.draw(p_of, p_what || '/phi'));

create function pg_temp.pick(p_from text[], p_of text, p_what text) returns text
language sql stable parallel safe
return p_from[1 + floor(pg_temp.draw(p_of, p_what) * cardinality(p_from))::int];

create function pg_temp.id_of(p_kind text, p_of text) returns uuid
language sql stable parallel safe
return md5(p_kind || '/' || p_of || '/' || current_setting('demo.seed'))::uuid;

create function pg_temp.local(p_day date, p_hour double precision) returns timestamptz
language sql stable parallel safe
return (p_day + make_interval(mins => round(p_hour * 60)::int)) at time zone 'Asia/Dhaka';

create temp table stage on commit drop as
select
  current_setting('demo.customers')::int as customers,
  current_setting('demo.workers')::int as workers,
  current_setting('demo.until')::date as until,
  (current_setting('demo.until')::date - make_interval(months => current_setting('demo.months')::int))::date as since;
