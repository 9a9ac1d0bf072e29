-- A function that runs as its owner, or that looks names up when it runs, looks them up in nobody else's schema.
create or replace view lint.unpinned_search_path as
select 'unpinned_search_path' as rule, 'function ' || r.signature as object, 'lacks set search_path = ''''' as detail
from lint.routine r
where (r.is_definer or r.language = 'plpgsql')
  and not 'search_path=""' = any (r.settings);
