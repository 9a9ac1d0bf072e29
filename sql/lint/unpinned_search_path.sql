-- A definer, and a plpgsql function, which resolves names when it runs, needs a fixed search_path. pg_temp must be named, and
-- last: where a path does not name it, types and relations are looked up there first, and anybody's temporary domain
-- "jsonb" with a check would run its function with the rights of the definer.
create or replace view lint.unpinned_search_path as
select 'unpinned_search_path' as rule, 'function ' || r.signature as object, 'lacks set search_path = pg_catalog, pg_temp' as detail
from lint.routine r
where (r.is_definer or r.language = 'plpgsql')
  and not 'search_path=pg_catalog, pg_temp' = any (r.settings);
