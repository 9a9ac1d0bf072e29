-- Two shelves of a schema that use each other, directly or through others, are one topic cut in two.
create or replace view lint.shelf_circle as
with recursive arrow as (
  select distinct o.schema, o.shelf, u.shelf as used_shelf
  from lint.reference r
  join lint.shelf o on o.schema = r.schema and o.name = r.name
  join lint.shelf u on u.schema = r.used_schema and u.name = r.used_name
  where r.schema = r.used_schema
    and o.shelf <> u.shelf
),
reach as (
  select a.schema, a.shelf, a.used_shelf from arrow a
  union
  select r.schema, r.shelf, a.used_shelf
  from reach r
  join arrow a on a.schema = r.schema and a.shelf = r.used_shelf
)
select
  'shelf_circle' as rule,
  'shelf ' || r.schema || '/' || r.shelf as object,
  'uses itself through ' || string_agg(distinct a.used_shelf, ', ' order by a.used_shelf) as detail
from reach r
join arrow a on a.schema = r.schema and a.shelf = r.shelf
join reach b on b.schema = r.schema and b.shelf = a.used_shelf and b.used_shelf = r.shelf
where r.shelf = r.used_shelf
group by r.schema, r.shelf;
