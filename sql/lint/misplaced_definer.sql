-- Rights are raised at the edge and nowhere else; and there always, as the caller has none on tables.
create or replace view lint.misplaced_definer as
select
  'misplaced_definer' as rule,
  'function ' || r.signature as object,
  case when r.is_definer then 'is security definer outside api and jobs' else 'is at the edge but not security definer' end as detail
from lint.routine r
where r.is_definer <> (r.schema in ('api', 'jobs'))
  and not r.is_trigger;
