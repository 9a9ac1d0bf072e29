create or replace view lint.overloaded_function as
select
  'overloaded_function' as rule,
  r.schema || '.' || r.name as object,
  string_agg(r.signature, ', ' order by r.signature) as detail
from lint.routine r
group by r.schema, r.name
having count(*) > 1;
