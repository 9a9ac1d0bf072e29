-- The folder of sql/ in which each object is defined; shelf is null where a schema has no folders.
create or replace view lint.shelf as
select
  split_part(d.file, '/', 2) as schema,
  (regexp_match(d.file, '^sql/[^/]+/(.+)/[^/]+$'))[1] as shelf,
  (regexp_match(d.file, '([^/]+)\.sql$'))[1] as name,
  d.file
from deploy.definition d
where d.file like 'sql/%';
