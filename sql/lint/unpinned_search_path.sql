-- A definer, and a plpgsql function, which resolves names when it runs, needs a fixed search_path.
create or replace view lint.unpinned_search_path as
select 'unpinned_search_path' as rule, 'function ' || r.signature as object, 'lacks set search_path = ''''' as detail
from lint.routine r
where (r.is_definer or r.language = 'plpgsql')
  and not 'search_path=""' = any (r.settings);
