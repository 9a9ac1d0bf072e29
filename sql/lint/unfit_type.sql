-- Types to avoid: timestamps without time zone, text with a length limit, money, and json instead of jsonb.
create or replace view lint.unfit_type as
select
  'unfit_type' as rule,
  'column ' || c.oid::regclass || '.' || a.attname as object,
  'is ' || pg_catalog.format_type(a.atttypid, a.atttypmod) as detail
from pg_catalog.pg_attribute a
join pg_catalog.pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p', 'v', 'm')
join pg_catalog.pg_namespace n on n.oid = c.relnamespace and pg_catalog.pg_get_userbyid(n.nspowner) = 'shokti_owner'
where a.attnum > 0
  and not a.attisdropped
  and n.nspname not in ('queue', 'deploy', 'lint')
  and a.atttypid in (
    'timestamp'::regtype, 'timetz'::regtype, 'varchar'::regtype, 'bpchar'::regtype, 'money'::regtype, 'json'::regtype,
    'tsrange'::regtype
  );
